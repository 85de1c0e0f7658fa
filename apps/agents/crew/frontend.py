"""Pages that anybody can use: a form for each feature, labels, a skip link, nothing from outside, no script."""

import html

from apps.agents.crew import naming
from apps.agents.crew.domain import Feature, Field
from apps.agents.crew.pages_check import page_faults
from apps.agents.crew.work import CannotDo, Work

STYLE = """/* Colours keep a contrast of at least 7 to 1 in both schemes; sizes follow the reader's own. */
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --line: #57606a; --strong: #0b4f9e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f0f3f6; --paper: #14171a; --line: #9ea7b3; --strong: #9ecbff; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
main, header, footer { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
a { color: var(--strong); }
:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: 0.5rem; }
form { display: grid; gap: 0.75rem; max-width: 34rem; margin: 1rem 0; }
label { font-weight: 600; }
input, textarea, button { font: inherit; width: 100%; padding: 0.5rem; border: 1px solid var(--line);
  border-radius: 4px; color: inherit; background: var(--paper); }
button { width: auto; justify-self: start; padding: 0.5rem 1.25rem; color: var(--paper); background: var(--strong);
  border-color: var(--strong); cursor: pointer; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: 0.4rem 0.6rem; text-align: left; }
nav ul { padding-left: 1.2rem; }
"""


def style(work: Work) -> str:
    work.write(work.produces(".css", "pages/style.css"), STYLE)
    work.claim("The style has both colour schemes, visible focus, and loads nothing.")
    return "One style sheet for light and dark."


def page(work: Work) -> str:
    wanted = str(work.packet.parameters.get("page") or work.packet.parameters.get("feature") or "index")
    name = work.produces(".html", f"pages/{wanted}.html")
    text = _index(work) if wanted == "index" else _feature_page(work, work.domain.feature(wanted))
    if faults := page_faults(text):
        raise CannotDo(f"{name} breaks a rule: {faults[0]}")
    work.write(name, text)
    work.claim(
        f"{name} keeps every rule of pages_check: language, title, headings, labels, skip link, nothing from outside."
    )
    return f"The page '{wanted}'."


def _frame(work: Work, title: str, main: str) -> str:
    lang = work.domain.language if work.domain.language.isalpha() else "en"
    style_at = "style.css" if work.domain.kind == "static_site" else "/pages/style.css"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{_e(title)}</title>\n'
        f'<link rel="stylesheet" href="{style_at}">\n</head>\n<body>\n'
        '<a class="skip" href="#main">Skip to content</a>\n'
        f'<header><p><strong>{_e(work.domain.title)}</strong></p></header>\n<main id="main">\n<h1>{_e(title)}</h1>\n'
        f"{main}\n</main>\n</body>\n</html>\n"
    )


def _e(text: str) -> str:
    return html.escape(naming.one_line(text, 400), quote=True)


def address(work: Work, slug: str) -> str:
    folder = "" if work.domain.kind == "static_site" else "/pages/"
    return f"{folder}{slug}.html"


def _index(work: Work) -> str:
    features = work.domain.features
    if str(work.packet.choices.get("pages") or "") == "single-page":
        parts = [
            f'<section aria-labelledby="{_id(f)}"><h2 id="{_id(f)}">{_e(f.title)}</h2>{_part(work, f)}</section>'
            for f in features
        ]
    else:
        links = "".join(f'<li><a href="{_e(address(work, f.slug))}">{_e(f.title)}</a></li>' for f in features)
        parts = (
            [f'<nav aria-label="Features"><ul>{links}</ul></nav>'] if links else ["<p>There is nothing to use yet.</p>"]
        )
    missing = [f for f in features if not f.built]
    if missing and work.domain.has_code:
        items = "".join(f"<li>{_e(f.title)}: {_e(f.reason)}</li>" for f in missing)
        parts.append(f"<section><h2>Not built</h2><ul>{items}</ul></section>")
    return _frame(work, work.domain.title, "\n".join(parts))


def _id(feature: Feature) -> str:
    return f"part-{naming.identifier(feature.module)}"


def _feature_page(work: Work, feature: Feature) -> str:
    back = f'<p><a href="{_e(address(work, "index"))}">Back to the start</a></p>'
    return _frame(work, feature.title, f"{_part(work, feature)}\n{back}")


def _part(work: Work, feature: Feature) -> str:
    if not work.domain.has_code:
        return _content(work, feature)
    if not feature.built:
        return f"<p>This is not built: {_e(feature.reason)}.</p>"
    method = "get" if feature.method == "GET" else "post"
    fields = "".join(_field(feature, field, at) for at, field in enumerate(feature.inputs))
    return (
        f"<p>This {_e(feature.meaning)}.</p>\n"
        f'<form action="/forms/{naming.slug(feature.slug)}" method="{method}">{fields}'
        f'<button type="submit">{_e(feature.title)}</button></form>'
    )


def _field(feature: Feature, field: Field, at: int) -> str:
    name = f"{naming.identifier(feature.module)}-{field.name}"
    must = (
        " required" if field.name == "id" or (at == 0 and feature.operation not in {"update", "export", "sort"}) else ""
    )
    label = f'<label for="{name}">{_e(field.title.capitalize())}</label>'
    if feature.operation == "import":
        return f'{label}<textarea id="{name}" name="{field.name}" rows="8"{must}></textarea>'
    kind = {"number": "number", "date": "date"}.get(field.kind, "text")
    step = ' step="any"' if kind == "number" else ""
    return f'{label}<input id="{name}" name="{field.name}" type="{kind}"{step}{must}>'


def _content(work: Work, feature: Feature) -> str:
    """The text of a place on a static site: what was written for it, else the brief's own sentence."""
    written = work.text(f"content/{feature.slug}.md")
    paragraphs = [part for part in written.split("\n\n") if part.strip() and not part.lstrip().startswith("#")]
    if paragraphs:
        return "\n".join(f"<p>{_e(html.unescape(part).lstrip('- '))}</p>" for part in paragraphs[:60])
    sentence = next((str(s.get("text")) for s in work.listed("sentences") if s.get("number") == feature.sentence), "")
    return (
        f"<p>{_e(sentence or feature.title)}</p><p>Assumption: more text than the brief has is written by people.</p>"
    )
