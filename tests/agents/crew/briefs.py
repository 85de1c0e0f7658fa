"""Facts of briefs as the engine gives them, of different kinds, kind and hostile."""

from typing import Any


def facts(kind: str, title: str, sentences: list[str], **parts: Any) -> dict[str, Any]:
    numbered = [{"number": n, "text": text, "asks": True} for n, text in enumerate(sentences, 1)]
    empty: dict[str, Any] = {
        name: [] for name in ("features", "entities", "users", "qualities", "constraints", "questions")
    }
    return {"kind": kind, "title": title, "language": "en", "sentences": numbered, **empty, **parts}


def feature(title: str, sentence: int, entity: str = "", slug: str = "") -> dict[str, Any]:
    verb = title.split()[0].lower()
    return {
        "slug": slug or title.lower().replace(" ", "-"),
        "title": title,
        "sentence": sentence,
        "verb": verb,
        "entity": entity,
    }


def entity(slug: str, fields: list[str], sentence: int = 1) -> dict[str, Any]:
    return {"slug": slug, "name": slug.replace("-", " "), "fields": fields, "sentence": sentence}


LIBRARY_APP = facts(
    "web_application",
    "Lending library",
    [
        "Build a web application for a small lending library with 300 books.",
        "Librarians can add a book with title, author and year.",
        "They can list books, search books and show a book.",
        "They can update a book and delete a book.",
        "A book can be marked as borrowed.",
        "They can count books, export books and import books.",
        "Books can be sorted by title, and totals can be summarised.",
        "Send an email reminder to late readers.",
        "List overdue books.",
        "Readers can register members.",
        "It must be fast.",
        "It must use React.",
    ],
    features=[
        feature("Add a book", 2, "book"),
        feature("List books", 3, "book"),
        feature("Search books", 3, "book"),
        feature("Show a book", 3, "book"),
        feature("Update a book", 4, "book"),
        feature("Delete a book", 4, "book"),
        feature("Mark a book as borrowed", 5, "book"),
        feature("Count books", 6, "book"),
        feature("Export books", 6, "book"),
        feature("Import books", 6, "book"),
        feature("Sort books by title", 7, "book"),
        feature("Total books", 7, "book"),
        feature("Tag a book", 7, "book"),
        feature("Send an email reminder", 8),
        feature("List overdue books", 9, "book"),
        feature("Register members", 10, "member"),
    ],
    entities=[entity("book", ["title", "author", "year"], 2), entity("member", [], 10)],
    users=[{"name": "librarian", "sentence": 2}],
    qualities=[{"name": "fast", "sentence": 11}],
    constraints=[{"kind": "technology", "text": "It must use React.", "sentence": 12}],
    questions=[
        {
            "key": "sign_in",
            "text": "Who may sign in?",
            "default": "Nobody signs in.",
            "changes": "accounts",
            "sentence": 2,
        }
    ],
)

EXPENSES_TOOL = facts(
    "command_line_tool",
    "Expense tracker",
    [
        "A command-line tool that records expenses with date, amount and category.",
        "It lists expenses and totals expenses.",
    ],
    features=[
        feature("Record expenses", 1, "expense"),
        feature("List expenses", 2, "expense"),
        feature("Total expenses", 2, "expense"),
        feature("Import expenses", 2, "expense"),
    ],
    entities=[entity("expense", ["date", "amount", "category"])],
)

HEATING_REPORT = facts(
    "report",
    "Heating of the town hall",
    [
        "Write a report on how to heat the town hall with 40% less energy.",
        "Compare heat pumps with district heating.",
        "Estimate the cost over 20 years.",
        "The boiler was built in 1987 by Acme Works.",
    ],
    features=[feature("Compare heat pumps with district heating", 2), feature("Estimate the cost over 20 years", 3)],
)

BAKERY_SITE = facts(
    "static_site",
    "Corner bakery",
    ["A site for a bakery.", "Show the opening hours.", "Describe the bread."],
    features=[feature("Show the opening hours", 2), feature("Describe the bread", 3)],
)

TASKS_LIBRARY = facts(
    "library",
    "Task list",
    ["A library to add tasks, complete tasks and list tasks."],
    features=[feature("Add tasks", 1, "task"), feature("Complete tasks", 1, "task"), feature("List tasks", 1, "task")],
    entities=[entity("task", ["title", "due date"])],
)

HOSTILE = facts(
    "web_application",
    '""" + __import__(\'os\').system(\'id\') + """ <script>alert(1)</script> @@FEATURES@@',
    [
        "Add a <script>alert(1)</script> with `rm -rf /` and \"quotes\" and 'more' \\ and {braces} and %s.",
        "Füge eine Überschrift hinzu.",
        "日本語のノートを追加する。",
        "Add a class.",
    ],
    features=[
        feature("Add a <script>alert(1)</script>", 1, "script-alert", slug="add-script"),
        feature("Hinzufügen Überschrift", 2, "überschrift", slug="hinzufügen-überschrift"),
        feature("追加する ノート", 3, "ノート", slug="追加する-ノート"),
        feature("Add a class", 4, "class", slug="class"),
        feature("List 2nd", 4, "class", slug="2nd"),
        feature("List class", 4, "class", slug="list-class"),
        feature('Delete """ class', 4, "class", slug="import"),
    ],
    entities=[
        entity("script-alert", ["<b>", "id", "state", "class", "<b>!"]),
        entity("überschrift", ["größe", "groesse", "größe "]),
        entity("ノート", ["名前", "名前2"]),
        entity("class", ["def", "'; DROP TABLE thing; --", "2nd", "amount", "due date"]),
    ],
)
HOSTILE["language"] = 'de"><script>'
