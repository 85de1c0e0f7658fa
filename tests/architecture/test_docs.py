"""The documents say what is so: words, states, packages, links, commands."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

from apps.core import diagrams
from apps.engine.lifecycle import LIFECYCLES
from tests.architecture.sources import PROJECT, files, name_of, texts

WORDS = [
    *("Goal", "Brief", "Approach", "Plan", "Phase", "Task", "Edge", "Agent", "Runtime", "Pool"),
    *("Slot", "Attempt", "Packet", "Artifact", "Requirement", "Gate", "Round", "Check", "Review"),
    *(
        "Evidence",
        "Vote",
        "Condition",
        "Clearance",
        "Question",
        "Escalation",
        "Inbox",
        "Workspace",
        "Deliverable",
        "Scorecard",
        "Hint",
    ),
]
PAGES = dict(texts(".md"))
# Made by a script once pages can be shown.
MADE_LATER = {"docs/images/home.png"}


def test_the_glossary_has_every_word_once() -> None:
    found = re.findall(r"^\| \*\*(\w+)\*\* \| \S", PAGES["docs/glossary.md"], re.MULTILINE)
    assert sorted(found) == sorted(WORDS)


def test_the_states_are_drawn_from_the_tables() -> None:
    out = StringIO()
    call_command("draw_states", check=True, stdout=out)
    assert "up to date" in out.getvalue()


@pytest.mark.parametrize("thing", LIFECYCLES)
def test_each_move_is_drawn(thing: str) -> None:
    lifecycle = LIFECYCLES[thing]
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", diagrams.diagram(lifecycle), re.MULTILINE))
    assert drawn == {(old, new) for old, new, legal in lifecycle.pairs() if legal}


def _asked(file: str) -> set[str]:
    lines = (PROJECT / "requirements" / file).read_text().splitlines()
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if not line.startswith(("-", "#")))
    return {name.group().lower() for name in names if name}


@pytest.mark.parametrize(
    ("file", "heading"), [("run.in", "To run"), ("dev.in", "To develop"), ("bench.in", "To compare with")]
)
def test_each_package_has_a_reason(file: str, heading: str) -> None:
    section = PAGES["docs/dependencies.md"].split(f"## {heading}")[1].split("\n## ")[0]
    reasons = dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", section, re.MULTILINE))
    assert set(reasons) == _asked(file)
    assert all(reasons.values())


def _links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    known = {name_of(path) for path in files()}
    for link in _links(PAGES[page]):
        target, _, anchor = link.partition("#")
        if "://" in target:
            continue
        path = (PROJECT / page).parent / target if target else PROJECT / page
        name = name_of(path.resolve())
        assert name in known | MADE_LATER, f"{page} links to {link}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", PAGES[name], re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}, link


def test_each_document_is_in_the_index() -> None:
    listed = {name_of((PROJECT / "docs" / link).resolve()) for link in _links(PAGES["docs/index.md"])}
    wanted = {name for name in PAGES if re.fullmatch(r"docs/[\w-]+\.md", name)} - {"docs/index.md"}
    assert wanted <= listed


def test_each_decision_is_listed_and_numbered_in_order() -> None:
    records = sorted(Path(name).name for name in PAGES if re.match(r"docs/decisions/\d", name))
    assert [record[:4] for record in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    assert _links(PAGES["docs/decisions/README.md"]) == records
    for record in records:
        text = PAGES[f"docs/decisions/{record}"]
        assert text.startswith(f"# {record[:4]} ")
        assert [line for line in text.splitlines() if line.startswith("## ")] == [
            "## Situation",
            "## Decision",
            "## What it costs",
            "## It would be wrong if",
        ]


def test_the_commands_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    told = "\n".join(PAGES.values())
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", told, re.MULTILINE)) <= targets
    assert set(re.findall(r"manage\.py (\w+)", told)) <= set(get_commands())


def test_the_files_that_are_named_exist() -> None:
    known = {name_of(path) for path in files()}
    folders = {parent.as_posix() for name in known for parent in Path(name).parents}
    named = re.compile(r"`((?:apps|docs|docker|tests|templates|static|requirements|orchestrator_site)/[\w./-]+?)/?`")
    missing = {
        f"{page}: {name}"
        for page, text in PAGES.items()
        for name in named.findall(text)
        if name not in known | folders and not (PROJECT / name).exists()
    }
    assert missing == set()
