"""Accessibility and safety rules for pages, checked on the parsed HTML (after WCAG 2.2: 1.1.1, 1.3.1, 2.4.1, 2.4.2,
3.1.1, 3.3.2).
"""

from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
FIELDS = frozenset({"input", "select", "textarea"})
LOADING = frozenset({"script", "link", "img", "iframe", "object", "embed", "video", "audio", "source"})


# The scripts that a page of an installable client may load: files of its own, never text in the page.
CLIENT_SCRIPTS = frozenset({"/pages/client.js", "/pages/outbox.js"})


def own_scripts(kind: str) -> frozenset[str]:
    return CLIENT_SCRIPTS if kind == "mobile_client" else frozenset()


class _Page(HTMLParser):
    def __init__(self, own_scripts: frozenset[str] = frozenset()) -> None:
        super().__init__(convert_charrefs=True)
        self.own_scripts = own_scripts
        self.faults: list[str] = []
        self.open: list[str] = []
        self.counts: dict[str, int] = {}
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[tuple[str, dict[str, str]]] = []
        self.anchors: list[str] = []
        self.lang = self.title = ""
        self.empty: list[tuple[str, str]] = []
        self.levels: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.counts[tag] = self.counts.get(tag, 0) + 1
        if tag not in VOID:
            self.open.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "html":
            self.lang = values.get("lang", "")
        if tag == "label":
            self.labels.add(values.get("for", ""))
        if tag == "a":
            self.anchors.append(values.get("href", ""))
        if tag in {"button", "a", "th", "label", "h1", "h2", "h3", "title"}:
            self.empty.append((tag, ""))
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.levels.append(int(tag[1]))
        if tag in FIELDS and values.get("type") not in {"hidden", "submit"}:
            self.fields.append((tag, values))
        self._dangers(tag, values)

    def _dangers(self, tag: str, values: dict[str, str]) -> None:
        if tag == "img" and "alt" not in values:
            self.faults.append("An image has no alternative text.")
        if tag == "script" and values.get("src") not in self.own_scripts:
            self.faults.append("There is a script.")
        for name, value in values.items():
            low = value.strip().lower()
            if name.startswith("on"):
                self.faults.append(f"<{tag}> has the script attribute {name}.")
            if name in {"href", "src", "action", "formaction"} and low.startswith(
                ("javascript:", "data:", "vbscript:")
            ):
                self.faults.append(f"<{tag}> has an unsafe address.")
            if tag in LOADING and name in {"href", "src", "data", "srcset"} and (low.startswith("//") or "://" in low):
                self.faults.append(f"<{tag}> loads from outside: {value[:80]}.")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script" and data.strip():
            self.faults.append("There is a script in the page itself.")
        if self.empty and data.strip():
            tag, text = self.empty[-1]
            self.empty[-1] = (tag, text + data.strip())
        if self.open and self.open[-1] == "title":
            self.title += data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes something else.")
            return
        self.open.pop()
        if self.empty and self.empty[-1][0] == tag:
            name, text = self.empty.pop()
            if not text:
                self.faults.append(f"A <{name}> is empty.")


def page_faults(text: str, own_scripts: frozenset[str] = frozenset()) -> list[str]:
    """Every broken rule as a sentence; an empty list means that the page is fine."""
    page = _Page(own_scripts)
    page.feed(text)
    page.close()
    faults = list(page.faults)
    if page.open:
        faults.append(f"<{page.open[-1]}> is not closed.")
    if not page.lang:
        faults.append("The language of the page is not given.")
    if not page.title:
        faults.append("The page has no title.")
    if page.counts.get("h1", 0) != 1:
        faults.append(f"There are {page.counts.get('h1', 0)} main headings instead of one.")
    if page.counts.get("main", 0) != 1:
        faults.append("There is not exactly one main part.")
    if not page.anchors or not page.anchors[0].startswith("#") or page.anchors[0][1:] not in page.ids:
        faults.append("The first link does not skip to the content.")
    if len(set(page.ids)) != len(page.ids):
        faults.append("An id stands twice.")
    for before, after in zip(page.levels, page.levels[1:], strict=False):
        if after > before + 1:
            faults.append(f"A heading of level {after} follows one of level {before}.")
    for tag, values in page.fields:
        if values.get("id", "") not in page.labels and not values.get("aria-label"):
            faults.append(f"<{tag}> {values.get('name', '')} has no label.")
    return faults
