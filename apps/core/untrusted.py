"""Show what agents and uploaders wrote without letting it act, deceive or overwhelm (gates.md, guard rail 8).

Everything here returns HTML that is safe to put into a page as it is. Markdown passes through an allow-list sanitiser;
code is escaped token by token; images only as what their first bytes prove them to be, embedded, never fetched.
"""

import base64
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import nh3
import pygments
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES

from apps.core import strictjson

Kind = Literal["markdown", "code", "json", "image", "html-as-code", "binary"]
MAX_TEXT = 200_000
MAX_MARKDOWN = 100_000
MAX_IMAGE = 2 * 1024 * 1024
MAX_LINE = 2_000
MAX_COLOURED = 60_000
COLOURING_SECONDS = 0.5

# Characters that change how their neighbours are read, or that can't be seen at all.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff]"
)
_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "strong", "em", "s", "del", "code", "pre", "blockquote"}
_TAGS |= {"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a", "span"}
_CLASSES = {"code", "line"} | {name for name in STANDARD_TYPES.values() if name}
_LEXERS = {
    "bash": "bash", "cfg": "ini", "css": "css", "csv": "text", "dockerfile": "docker", "htm": "html", "html": "html",
    "ini": "ini", "javascript": "javascript", "js": "javascript", "json": "json", "py": "python",
    "python": "python", "sh": "bash", "sql": "sql", "svg": "xml", "text": "text", "toml": "toml", "txt": "text",
    "xml": "xml", "yaml": "yaml", "yml": "yaml",
}  # fmt: skip
_MARKUP = {"html", "htm", "svg", "xml", "xhtml"}
_IMAGES: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("image/png", lambda data: data.startswith(b"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", lambda data: data.startswith(b"\xff\xd8\xff")),
    ("image/gif", lambda data: data.startswith((b"GIF87a", b"GIF89a"))),
    ("image/webp", lambda data: data.startswith(b"RIFF") and data[8:12] == b"WEBP"),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What to show for a file. `truncated` is a sentence when not all of it is in `html`, else empty."""

    kind: Kind
    html: str
    truncated: str = ""


def reveal(text: str) -> str:
    """`text` with every bidirectional, zero-width and control character spelled out.

    >>> reveal("a\\u202eb")
    'a⟦U+202E⟧b'
    """
    return _INVISIBLE.sub(lambda found: f"⟦U+{ord(found.group()):04X}⟧", text)


def plain(text: str, *, limit: int = MAX_TEXT) -> str:
    """`text` escaped for HTML, invisible characters revealed, cut at `limit` characters with words."""
    shown = escape(reveal(text[:limit]))
    return f"{shown} … (the first {limit:,} of {len(text):,} characters)" if len(text) > limit else shown


def markdown(text: str) -> str:
    """Agents' Markdown as safe HTML: no raw HTML, no images, no scripts; links leave with rel=nofollow noopener.

    Headings are lowered by two, so that no agent writes the title of our page.
    """
    dirty = _MARKDOWN.render(_short_lines(text[:MAX_MARKDOWN]))
    clean = nh3.clean(
        dirty,
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        # Ours, not the agent's: a block that scrolls can be reached by keyboard.
        set_tag_attribute_values={"pre": {"tabindex": "0"}},
        allowed_classes={"span": _CLASSES, "pre": {"code"}},
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="nofollow noopener",
    )
    return reveal(clean)


def code(text: str, language: str = "text") -> str:
    """`text` as highlighted lines, `<pre class="code"><code><span class="line">…`: see static/css/code.css."""
    shown = _short_lines(text[:MAX_TEXT])
    body = _coloured(shown, language) if len(shown) <= MAX_COLOURED else escape(shown)
    lines = "\n".join(f'<span class="line">{line}</span>' for line in body.removesuffix("\n").split("\n"))
    return f'<pre class="code" tabindex="0"><code>{reveal(lines)}\n</code></pre>'


def _coloured(text: str, language: str) -> str:
    lexer = get_lexer_by_name(_LEXERS.get(language, "text"), stripnl=False, ensurenl=False)
    deadline = time.monotonic() + COLOURING_SECONDS
    tokens = []
    for token in lexer.get_tokens(text):
        tokens.append(token)
        # Lexers have inputs on which each token costs as much as the whole text; colour is not worth waiting for.
        if time.monotonic() > deadline:
            return escape(text)
    return str(pygments.format(tokens, HtmlFormatter(nowrap=True)))


def render_file(path: str, data: bytes) -> Rendered:
    """What a page shows for the file `path` with content `data`. Never raises, whatever either contains."""
    media = image_type(data)
    if media:
        return _image(path, data, media)
    # Cut with room for the last character, so that a long file is not taken for a broken one.
    head = data[: 4 * MAX_TEXT]
    try:
        text = head.decode("utf-8") if len(head) == len(data) else head.decode("utf-8", "ignore")
    except UnicodeDecodeError:
        return _binary(data)
    if "\x00" in text:
        return _binary(data)
    return _text_file(extension(path), text, len(data))


def image_type(data: bytes) -> str:
    """The media type that the first bytes prove, one of png, jpeg, gif and webp; else ''. SVG is never an image."""
    return next((media for media, fits in _IMAGES if fits(data[:16])), "")


def extension(path: str) -> str:
    """What decides how a text is shown: the lower-case ending, or 'dockerfile'."""
    name = path.rsplit("/", 1)[-1].lower()
    return "dockerfile" if name == "dockerfile" else name.rsplit(".", 1)[-1] if "." in name else "text"


def _text_file(kind: str, text: str, size: int) -> Rendered:
    if kind in {"md", "markdown"}:
        return Rendered("markdown", markdown(text), _words(text, MAX_MARKDOWN, size))
    if kind in _MARKUP:
        return Rendered("html-as-code", code(text, kind if kind in _LEXERS else "html"), _words(text, MAX_TEXT, size))
    if kind == "json":
        try:
            pretty = strictjson.pretty(strictjson.loads(text)).decode()
            return Rendered("json", code(pretty, "json"), _words(pretty, MAX_TEXT, len(pretty.encode())))
        except strictjson.NotStrictJson:
            pass  # shown as it stands: whoever looks should see what is wrong with it
    return Rendered("code", code(text, kind), _words(text, MAX_TEXT, size))


def _words(text: str, limit: int, size: int) -> str:
    if len(text) > limit:
        return f"Only the first {limit:,} characters of {size:,} bytes are shown; the file itself is whole."
    if any(len(line) > MAX_LINE for line in text.split("\n")):
        return f"Lines longer than {MAX_LINE:,} characters are cut here; the file itself is whole."
    return ""


def _short_lines(text: str) -> str:
    # Both the Markdown parser and some lexers take a time that grows with the square of a line's length.
    if not any(len(line) > MAX_LINE for line in text.split("\n")):
        return text
    return "\n".join(line if len(line) <= MAX_LINE else line[:MAX_LINE] + " …" for line in text.split("\n"))


def _image(path: str, data: bytes, media: str) -> Rendered:
    if len(data) > MAX_IMAGE:
        words = f"The image has {len(data):,} bytes; images up to {MAX_IMAGE:,} are shown."
        return Rendered("image", f"<p>{words}</p>", words)
    source = f"data:{media};base64,{base64.b64encode(data).decode()}"
    return Rendered("image", f'<img class="artifact-image" src="{source}" alt="{plain(path, limit=300)}">')


def _binary(data: bytes) -> Rendered:
    return Rendered("binary", f"<p>A binary file of {len(data):,} bytes; nothing of it can be shown as text.</p>")


def _fence(text: str, language: str, _attributes: str) -> str:
    return code(text, language.lower())


def _no_image(_renderer: RendererHTML, tokens: list[Token], number: int, _options: Any, _env: Any) -> str:
    token = tokens[number]
    return f"[image: {escape(token.content)} ({escape(str(token.attrGet('src') or ''))})]"


def _lower_headings(state: Any) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"


def _parser() -> MarkdownIt:
    options = {"html": False, "linkify": False, "highlight": _fence, "maxNesting": 20}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.add_render_rule("image", _no_image)
    return parser


_MARKDOWN = _parser()
