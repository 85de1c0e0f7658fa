"""QG-PHASE5: can people use it? Reviews fetch the pages; here they are parsed for what every page must have."""

from html.parser import HTMLParser

from apps.gates.results import CheckResult
from apps.hub.checks.material import Material
from apps.hub.checks.reading import failed, listed, passed

UNLABELLED_NEEDS_NAME = frozenset({"input", "select", "textarea"})
NEEDS_NO_LABEL = frozenset({"hidden", "submit", "button", "reset", "image"})


def checks(material: Material) -> list[CheckResult]:
    return [pages_parse(material)]


def pages_parse(material: Material) -> CheckResult:
    """Each page has a language, a title, one main heading, alternatives for images, and labels for its fields."""
    name = "pages-accessible"
    pages = [path for path in sorted(material.files) if path.startswith("pages/") and path.endswith(".html")]
    if not pages:
        return failed(name, "There is no page.")
    problems = {path: found for path in pages if (found := problems_of(material.files[path]))}
    if problems:
        path, found = next(iter(problems.items()))
        return failed(name, f"{path}: {found[0]}", problems={one: found[:20] for one, found in problems.items()})
    return passed(name, f"{len(pages)} pages keep the rules that can be read off them: {listed(pages)}.", pages=pages)


def problems_of(content: bytes) -> list[str]:
    """What is wrong with a page, in sentences."""
    try:
        page = _Page()
        page.feed(content.decode("utf-8"))
        page.close()
    except UnicodeDecodeError:
        return ["The page is not UTF-8."]
    except (AssertionError, ValueError, RecursionError):
        return ["The page can't be parsed."]
    return page.problems()


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language = self.title = ""
        self.headings = 0
        self.images_without_alternative = 0
        self.labels: set[str] = set()
        self.fields: list[tuple[str, str]] = []
        self._in_title = False
        self._label_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        elif tag == "title":
            self._in_title = True
        elif tag == "h1":
            self.headings += 1
        elif tag == "img" and given.get("alt") is None:
            self.images_without_alternative += 1
        elif tag == "label":
            self._label_depth += 1
            self.labels.add(given.get("for") or "")
        elif tag in UNLABELLED_NEEDS_NAME and (given.get("type") or "text") not in NEEDS_NO_LABEL:
            named = given.get("aria-label") or given.get("aria-labelledby") or (self._label_depth and "inside")
            if not named:
                self.fields.append((tag, given.get("id") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag == "label":
            self._label_depth = max(0, self._label_depth - 1)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def problems(self) -> list[str]:
        found = []
        if not self.language:
            found.append("The page does not say its language.")
        if not self.title.strip():
            found.append("The page has no title.")
        if self.headings != 1:
            found.append(f"The page has {self.headings} main headings instead of one.")
        if self.images_without_alternative:
            found.append(f"{self.images_without_alternative} images have no alternative text.")
        bare = [tag for tag, anchor in self.fields if not anchor or anchor not in self.labels]
        if bare:
            found.append(f"{len(bare)} fields have no label.")
        return found
