import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core import untrusted
from apps.core.untrusted import render_file, reveal

ALLOWED_TAGS = {
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "br",
    "hr",
    "strong",
    "em",
    "s",
    "del",
    "code",
    "pre",
    "blockquote",
    "span",
}
ALLOWED_TAGS |= {"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a"}
ALLOWED_ATTRIBUTES = {"a": {"href", "title", "rel"}, "span": {"class"}, "pre": {"class", "tabindex"}, "ol": {"start"}}


class Reader(HTMLParser):
    """Reads HTML as a browser would, and keeps what could act."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_harmless(html: str) -> Reader:
    read = Reader(html)
    for tag, attributes in read.tags:
        assert tag in ALLOWED_TAGS, html
        assert set(attributes) <= ALLOWED_ATTRIBUTES.get(tag, set()), html
        assert attributes.get("tabindex", "0") == "0", html
        if "href" in attributes:
            assert re.match(r"(https?|mailto):", attributes["href"] or ""), html
            assert attributes["rel"] == "nofollow noopener"
    assert reveal(html) == html
    return read


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/api/v1/goals)",
    "[x](#gate)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "![x](http://evil.example/pixel.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![x"onerror="alert(1)](x)',
    "![<img src=x onerror=alert(1)>](x)",
    '[x](https://ok.example "title\\" onmouseover=\\"alert(1)")',
    "<math><mtext></p><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<form action=/gates><button formaction=javascript:alert(1)>Approve</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<style>*{background:url(http://evil.example)}</style>",
    "<link rel=stylesheet href=http://evil.example>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<base href=http://evil.example>",
    "<object data=x></object><embed src=x>",
    "<div hx-get=/logout hx-trigger=load>x</div>",
    "<p data-bs-toggle=modal id=approve style='position:fixed;inset:0'>x</p>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "```<script>\n</code></pre><script>alert(1)</script>\n```",
    '```"><img/src=x/onerror=alert(1)>\nx\n```',
    "`</code><script>alert(1)</script>`",
    "|<script>|\n|-|\n|<img src=x onerror=alert(1)>|",
    "<details open ontoggle=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "a\u202egnp.exe\u202c and \u200bzero &#x202e; &rlm; &ZeroWidthSpace;",
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("frame", ["{}", "> {}", "- {}", "# {}", "**{}**", "text {} text"])
def test_markdown_cannot_act(attack: str, frame: str) -> None:
    assert_harmless(untrusted.markdown(frame.format(attack)))


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize(
    "name", ["x.py", "x.html", "x.svg", "x.js", "x.css", "x.json", "x.txt", "x", "Dockerfile", "x.md"]
)
def test_a_file_cannot_act(attack: str, name: str) -> None:
    read = assert_harmless(render_file(name, attack.encode()).html)
    if not name.endswith("md"):
        assert read.text.rstrip("\n") == reveal(attack.rstrip("\n"))


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("<>\"'&;:/\\[]()!`#*_|-= \n\tabjs\u202e\u200b\x00"), max_size=60))
def test_no_text_can_act(text: str) -> None:
    for name in ("x.md", "x.html", "x.py", "x.json"):
        assert_harmless(render_file(name, text.encode()).html)


@given(st.binary(max_size=200), st.text(max_size=20))
def test_no_bytes_make_it_raise(data: bytes, name: str) -> None:
    rendered = render_file(name, data)
    assert rendered.html


def test_ordinary_markdown_is_rendered() -> None:
    html = untrusted.markdown(
        "# Title\n\nA *b* **c** `d` ~~e~~ [site](https://example.org/a?b=1&c=2)\n\n1. one\n\n|h|\n|-|\n|v|\n\n> q\n"
    )
    read = assert_harmless(html)
    assert {"h3", "em", "strong", "code", "s", "a", "ol", "li", "table", "td", "blockquote"} <= {
        tag for tag, _ in read.tags
    }
    assert ("a", {"href": "https://example.org/a?b=1&c=2", "rel": "nofollow noopener"}) in read.tags


def test_no_agent_writes_a_heading_above_ours() -> None:
    html = untrusted.markdown("# a\n\n## b\n\n###### c\n")
    assert [tag for tag, _ in Reader(html).tags] == ["h3", "h4", "h6"]


def test_an_image_in_markdown_becomes_words() -> None:
    assert "[image: a cat (http://evil.example/p.png)]" in untrusted.markdown("![a cat](http://evil.example/p.png)")


def test_invisible_characters_are_spelled_out() -> None:
    assert reveal("a\u202eb\u200bc\ufeff\u2066\x07\U000e0041") == "a⟦U+202E⟧b⟦U+200B⟧c⟦U+FEFF⟧⟦U+2066⟧⟦U+0007⟧⟦U+E0041⟧"
    assert reveal("Größe\t1\r\n日本語 مرحبا") == "Größe\t1\r\n日本語 مرحبا"


@given(st.text())
def test_revealing_leaves_nothing_hidden(text: str) -> None:
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08]", reveal(text))
    assert reveal(reveal(text)) == reveal(text)


def test_code_has_numbered_lines_and_colours() -> None:
    html = untrusted.code('def f():\n    """a\n    b"""\n', "py")
    assert html.count('<span class="line">') == 3
    assert '<span class="k">def</span>' in html
    assert Reader(html).text.rstrip("\n") == 'def f():\n    """a\n    b"""'


@pytest.mark.parametrize("language", sorted(untrusted._LEXERS))
def test_every_language_in_the_table_has_a_lexer(language: str) -> None:
    assert Reader(untrusted.code("a = 1", language)).text.strip() == "a = 1"


PNG, JPEG, GIF = b"\x89PNG\r\n\x1a\n rest", b"\xff\xd8\xff\xe0 rest", b"GIF89a rest"
WEBP, SVG = b"RIFF\x00\x00\x00\x00WEBP rest", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.png", PNG, "image"),
        ("a.txt", JPEG, "image"),
        ("a.gif", GIF, "image"),
        ("a.webp", WEBP, "image"),
        ("a.png", b"not an image", "code"),
        ("a.png", SVG, "code"),
        ("a.svg", SVG, "html-as-code"),
        ("a.html", b"<h1>x</h1>", "html-as-code"),
        ("a.md", b"# x", "markdown"),
        ("a.json", b'{"a":1}', "json"),
        ("a.json", b'{"a":NaN}', "code"),
        ("a.py", b"x = 1", "code"),
        ("a.py", b"\xff\xfe", "binary"),
        ("a.py", b"x\x00y", "binary"),
        ("a.bin", bytes(range(256)), "binary"),
        ("", b"", "code"),
    ],
)
def test_the_content_decides_what_a_file_is(name: str, data: bytes, kind: str) -> None:
    assert render_file(name, data).kind == kind


def test_an_image_is_embedded_with_an_escaped_name() -> None:
    html = render_file('x"onload="alert(1).png', PNG).html
    [(tag, attributes)] = Reader(html).tags
    assert (tag, sorted(attributes)) == ("img", ["alt", "class", "src"])
    assert (attributes["src"] or "").startswith("data:image/png;base64,")


def test_json_is_laid_out() -> None:
    assert Reader(render_file("a.json", b'{"b":[1],"a":"<x>"}').html).text.strip() == (
        '{\n  "a": "<x>",\n  "b": [\n    1\n  ]\n}'
    )


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.py", b"x = 1\n" * 100_000, "first 200,000 characters of 600,000 bytes"),
        ("a.txt", "ä".encode() * 900_000, "first 200,000 characters"),
        ("a.md", b"word\n" * 50_000, "first 100,000 characters"),
        ("a.txt", b"x" * 3_000, "Lines longer than 2,000"),
        ("a.png", PNG + b"x" * 3_000_000, "3,000,013 bytes"),
    ],
)
def test_what_is_cut_is_said(name: str, data: bytes, words: str) -> None:
    rendered = render_file(name, data)
    assert words in rendered.truncated
    assert len(rendered.html) < 2_000_000
    assert render_file(name, data[:20]).truncated == ""


def test_colour_is_given_up_when_it_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "COLOURING_SECONDS", -1)
    html = untrusted.code("def f(): '<b>'", "py")
    assert 'class="k"' not in html
    assert Reader(html).text.strip() == "def f(): '<b>'"


def test_plain_text_is_escaped_and_cut_with_words() -> None:
    assert untrusted.plain("<b>\u202e") == "&lt;b&gt;⟦U+202E⟧"
    assert untrusted.plain("abcd", limit=3) == "abc … (the first 3 of 4 characters)"


def test_the_style_sheet_covers_both_themes_and_names_no_host() -> None:
    css = (Path(__file__).parents[2] / "static/css/code.css").read_text()
    assert '[data-bs-theme="dark"] .code' in css
    assert "url(" not in css
    for used in (".k", ".s1", ".nf", ".mi", ".c1", ".nt", ".line"):
        assert re.search(re.escape(used) + r"\b", css)
