"""Pages that anybody can use: a form for each feature, labels, a skip link, nothing from outside, no script."""

import html
from collections.abc import Iterable

from apps.agents.crew import naming
from apps.agents.crew.domain import Feature, Field
from apps.agents.crew.pages_check import own_scripts, page_faults
from apps.agents.crew.vocabulary import SMALL_WORDS
from apps.agents.crew.work import CannotDo, Work

STYLE = """/* Colours keep a contrast of at least 7 to 1 for text in both schemes; sizes follow the reader's own. */
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #f6f7f9; --card: #ffffff; --line: #c9d0d8; --edge: #6b7683;
  --strong: #0b4f9e; --on-strong: #ffffff; --soft: #3d4650; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f0f3f6; --paper: #14171a; --card: #1e2328; --line: #3a424b; --edge: #8c97a3;
    --strong: #9ecbff; --on-strong: #10151a; --soft: #c6ced7; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
main, .bar, footer { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
header { background: var(--card); border-bottom: 1px solid var(--line); }
.bar { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; align-items: baseline; padding-block: 0.75rem; }
.bar strong a { color: var(--ink); text-decoration: none; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1rem 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 0.75rem; }
a { color: var(--strong); }
:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--card); padding: 0.5rem; }
.tiles { list-style: none; padding: 0; display: grid; gap: 0.75rem;
  grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr)); }
.tiles a { display: block; height: 100%; padding: 0.9rem 1rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; font-weight: 600; text-decoration: none; }
.tiles a:hover { border-color: var(--strong); }
.tiles small { display: block; color: var(--soft); font-weight: 400; font-size: 0.9rem; }
section, form { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.25rem;
  margin: 1rem 0; }
section > h2 { margin-top: 0; }
section form { border: 0; padding: 0; }
form { display: grid; gap: 0.35rem; max-width: 34rem; }
label { font-weight: 600; }
input, textarea, button { font: inherit; width: 100%; padding: 0.5rem 0.6rem; border: 1px solid var(--edge);
  border-radius: 6px; color: inherit; background: var(--card); }
input, textarea { margin-bottom: 0.6rem; }
button { width: auto; justify-self: start; padding: 0.5rem 1.25rem; color: var(--on-strong);
  background: var(--strong); border-color: var(--strong); cursor: pointer; }
td form { display: inline-block; border: 0; padding: 0; margin: 0 0.25rem 0 0; background: none; }
td button { padding: 0.15rem 0.6rem; color: var(--strong); background: none; font-size: 0.9rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.wide { position: relative; overflow-x: auto; overflow-wrap: normal; }
.wide th, .wide button { white-space: nowrap; }
table { border-collapse: collapse; width: 100%; background: var(--card); border: 1px solid var(--line); }
caption { text-align: left; color: var(--soft); padding-bottom: 0.35rem; }
th, td { border-bottom: 1px solid var(--line); padding: 0.5rem 0.75rem; text-align: left; vertical-align: top; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.4rem 1.5rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.25rem; margin: 1rem 0; }
dt { font-weight: 600; }
dd { margin: 0; white-space: pre-wrap; }
[role="alert"], [role="status"] { background: var(--card); border: 1px solid var(--line);
  border-left: 4px solid var(--strong); border-radius: 6px; padding: 0.75rem 1rem; }
"""
# Fingers instead of a mouse: everything that is pressed is at least 44 px high (after WCAG 2.2, 2.5.8).
TOUCH = """button, input, .tiles a, .bar a { min-height: 2.75rem; }
.bar { position: sticky; top: 0; }
main { padding-bottom: 4rem; }
@media (max-width: 40rem) { form { max-width: none; } button { width: 100%; } td button { width: auto; }
  dl { grid-template-columns: 1fr; } }
"""
CLIENT = (
    '<link rel="manifest" href="/pages/manifest.webmanifest">\n<link rel="icon" href="/pages/icon.svg">\n'
    '<meta name="theme-color" content="#0b4f9e">\n<script src="/pages/client.js" defer></script>\n'
)


def style(work: Work) -> str:
    more = TOUCH if work.domain.kind == "mobile_client" else ""
    work.write(work.produces(".css", "pages/style.css"), STYLE + more)
    work.claim("The style has both colour schemes, visible focus, and loads nothing.")
    return "One style sheet for light and dark."


def page(work: Work) -> str:
    wanted = str(work.packet.parameters.get("page") or work.packet.parameters.get("feature") or "index")
    name = work.produces(".html", f"pages/{wanted}.html")
    text = _index(work) if wanted == "index" else _feature_page(work, work.domain.feature(wanted))
    if faults := page_faults(text, own_scripts=own_scripts(work.domain.kind)):
        raise CannotDo(f"{name} breaks a rule: {faults[0]}")
    work.write(name, text)
    work.claim(
        f"{name} keeps every rule of pages_check: language, title, headings, labels, skip link, nothing from outside."
    )
    return f"The page '{wanted}'."


def frame(work: Work, title: str, main: str) -> str:
    lang = work.domain.language if work.domain.language.isalpha() else "en"
    client = CLIENT if work.domain.kind == "mobile_client" else ""
    if client and work.packet.choices.get("offline") == "outbox":
        client += '<script src="/pages/outbox.js" defer></script>\n'
    style_at = "style.css" if work.domain.kind == "static_site" else "/pages/style.css"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{_e(title)}</title>\n'
        f'<link rel="stylesheet" href="{style_at}">\n{client}</head>\n<body>\n'
        '<a class="skip" href="#main">Skip to content</a>\n'
        f'<header><div class="bar"><strong><a href="{_e(address(work, "index"))}">{_e(work.domain.title)}</a></strong>'
        f'</div></header>\n<main id="main">\n<h1>{_e(title)}</h1>\n'
        f"{main}\n</main>\n</body>\n</html>\n"
    )


def listing(lines: Iterable[str]) -> str:
    """A list of plain words."""
    return "<ul>\n" + "\n".join(f"<li>{_e(line)}</li>" for line in lines) + "\n</ul>"


def _e(text: str) -> str:
    return html.escape(naming.one_line(text, 400), quote=True)


def address(work: Work, slug: str) -> str:
    folder = "" if work.domain.kind == "static_site" else "/pages/"
    return f"{folder}{slug}.html"


def _index(work: Work) -> str:
    features = work.domain.features
    is_single = str(work.packet.choices.get("pages") or "") == "single-page"
    if is_single:
        parts = [
            f'<section aria-labelledby="{_id(f)}"><h2 id="{_id(f)}">{_e(f.title)}</h2>{_part(work, f)}</section>'
            for f in features
        ]
    else:
        parts = _tiles(work) if features else ["<p>There is nothing to use yet.</p>"]
    missing = [f for f in features if not f.built and is_single]
    if missing and work.domain.has_code:
        items = "".join(f"<li>{_e(f.title)}: {_e(f.reason)}</li>" for f in missing)
        parts.append(f"<section><h2>Not built</h2><ul>{items}</ul></section>")
    return frame(work, work.domain.title, "\n".join(parts))


def _tiles(work: Work) -> list[str]:
    """Links to the pages, those about one thing under its name where there are several things."""
    groups: dict[str, list[Feature]] = {}
    for feature in work.domain.features:
        groups.setdefault(feature.entity.many if feature.entity else "", []).append(feature)
    several = len(groups) > 1 and work.domain.has_code
    parts = []
    for name, features in (
        sorted(groups.items(), key=lambda item: not item[0]) if several else [("", work.domain.features)]
    ):
        tiles = "".join(_tile(work, feature) for feature in features)
        heading = _e((name or "More")[:1].upper() + (name or "More")[1:])
        parts.append(f"<h2>{heading}</h2>" if several else "")
        label = heading if several else "Contents"
        parts.append(f'<nav aria-label="{label}"><ul class="tiles">{tiles}</ul></nav>')
    return [part for part in parts if part]


def _tile(work: Work, feature: Feature) -> str:
    hint = "" if feature.built or not work.domain.has_code else "<small>Not built yet</small>"
    return f'<li><a href="{_e(address(work, feature.slug))}">{_e(feature.label)}{hint}</a></li>'


def _id(feature: Feature) -> str:
    return f"part-{naming.identifier(feature.module)}"


def _feature_page(work: Work, feature: Feature) -> str:
    back = f'<p><a href="{_e(address(work, "index"))}">Back to the start</a></p>'
    return frame(work, feature.title, f"{_part(work, feature)}\n{back}")


def _part(work: Work, feature: Feature) -> str:
    if not work.domain.has_code:
        return _content(work, feature)
    if not feature.built:
        return f"<p>This is not built: {_e(feature.reason)}.</p>"
    method = "get" if feature.method == "GET" else "post"
    fields = "".join(_field(feature, field, at) for at, field in enumerate(feature.inputs))
    return (
        f"<p>It {_e(feature.meaning)}.</p>\n"
        f'<form action="/forms/{naming.slug(feature.slug)}" method="{method}">{fields}'
        f'<button type="submit">{_e(feature.label)}</button></form>'
    )


def _field(feature: Feature, field: Field, at: int) -> str:
    name = f"{naming.identifier(feature.module)}-{field.name}"
    must = (
        " required" if field.name == "id" or (at == 0 and feature.operation not in {"update", "export", "sort"}) else ""
    )
    label = f'<label for="{name}">{_e(_label(feature, field))}</label>'
    if feature.operation == "import":
        return f'{label}<textarea id="{name}" name="{field.name}" rows="8"{must}></textarea>'
    kind = {"number": "number", "date": "date"}.get(field.kind, "text")
    step = ' step="any"' if kind == "number" else ""
    return f'{label}<input id="{name}" name="{field.name}" type="{kind}"{step}{must}>'


def _label(feature: Feature, field: Field) -> str:
    if field.name == "id":
        return f"Number of the {feature.entity_name}"
    return field.title[:1].upper() + field.title[1:]


def _content(work: Work, feature: Feature) -> str:
    """The text of a place on a static site: what was written for it, else what the brief tells about it."""
    written = work.text(f"content/{feature.slug}.md")
    paragraphs = [part for part in written.split("\n\n") if part.strip() and not part.lstrip().startswith("#")]
    if paragraphs:
        return "\n".join(f"<p>{_e(html.unescape(part).lstrip('- '))}</p>" for part in paragraphs[:60])
    said = _told(work, feature)
    if said:
        return "\n".join(f"<p>{_e(text)}</p>" for text in said)
    return "<p>To be written. The brief names this part and has no text for it.</p>"


def _told(work: Work, feature: Feature) -> list[str]:
    """Sentences of the brief that tell something about the part, rather than ask for it."""
    wanted = {word for word in naming.plain(feature.title).split() if len(word) > 3 and word not in SMALL_WORDS}
    told = [str(item.get("text") or "") for item in work.listed("sentences") if not item.get("asks")]
    return [text for text in told if text.endswith(".") and len(wanted & set(naming.plain(text).split())) >= 2][:6]
