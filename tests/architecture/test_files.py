"""What no file of the project may hold."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import PROJECT, dotted, modules, texts

LONGEST = 400
# Joined here, so that this file does not hold them itself.
HOSTS = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "jsde" + "livr",
    "unp" + "kg.com",
]
HOSTS += ["cdn" + "js.", "google" + "apis.com", "g" + "static.com", "bootstrap" + "cdn", "goproxy" + "."]


def test_no_file_is_longer_than_a_reader_likes() -> None:
    lengths = {
        name: text.count("\n")
        for name, text in texts(".py", ".html", ".js", ".css", ".yaml", ".sh")
        if "/migrations/" not in name and not name.startswith("static/vendor/")
    }
    assert len(lengths) > 200
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def _comments(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|HACK)\b")
    found = [f"{name}:{line}" for name, text in texts(".py") for line, one in _comments(text) if words.search(one)]
    found += [name for name, text in texts(".html", ".js", ".css", ".md", ".toml", ".yml") if words.search(text)]
    assert found == []


def test_no_function_is_a_stub() -> None:
    found = [
        f"{name}:{node.lineno}"
        for folder in ("apps/", "orchestrator_site/")
        for name, tree in modules(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and node.exc and "NotImplementedError" in ast.unparse(node.exc)
    ]
    assert found == []


def test_no_test_is_passed_over_or_excused() -> None:
    excuses = {"skip", "skipif", "skipIf", "skipUnless", "xfail", "importorskip", "expectedFailure", "flaky"}
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules("tests/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in excuses
    ]
    assert found == []


def test_no_test_waits_for_time_to_pass() -> None:
    # A benchmark's peers do work that takes a known time.
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules("tests/")
        if not name.startswith("tests/benchmarks/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and dotted(node.func) in {"time.sleep", "sleep", "asyncio.sleep"}
        if not (node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0)
    ]
    assert found == []


def test_no_file_names_a_registry_or_somebody_elses_host() -> None:
    found = [f"{name}: {host}" for name, text in texts() for host in HOSTS if host in text]
    assert found == []


def test_no_file_names_a_machine() -> None:
    places = [re.compile(r"(?<![\w.])/(?:home|Users)/[a-z]\w*/"), re.compile(r"(?<![\w./])/root/\w")]
    if len(PROJECT.parts) > 2:
        places.append(re.compile(re.escape(str(PROJECT)) + r"\b"))
    found = [f"{name}: {place.pattern}" for name, text in texts() for place in places if place.search(text)]
    assert found == []


INLINE = {
    "a script of its own": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "a handler": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE),
    "a script address": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*(?:javascript|data:text):?", re.IGNORECASE),
    "evaluated values": re.compile(r"hx-(?:vals|headers)\s*=\s*[\"']\s*(?:js|javascript):", re.IGNORECASE),
    "another host": re.compile(
        r"<(?:script|link|img|iframe)[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
    ),
}


@pytest.mark.parametrize("what", INLINE)
def test_templates_hold_no(what: str) -> None:
    pages = dict(texts(".html", under="templates/"))
    assert len(pages) > 20
    assert [name for name, text in pages.items() if INLINE[what].search(text)] == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a script of its own", "<script nonce='x'>go()</script>"),
        ("a handler", '<a class="b"\n onclick="go()">'),
        ("a handler", "<div hx-on:click='x'>"),
        ("a script address", '<a href="javascript:go()">'),
        ("evaluated values", "<a hx-vals='js:{a: 1}'>"),
        ("another host", '<link rel="x" href="//example.org/x.css">'),
    ],
)
def test_what_templates_may_not_hold_is_seen(what: str, text: str) -> None:
    assert INLINE[what].search(text)


def test_our_scripts_evaluate_nothing_and_write_no_markup() -> None:
    forbidden = re.compile(
        r"\beval\(|new Function\(|\.innerHTML\s*=|\.outerHTML\s*=|document\.write|insertAdjacentHTML"
    )
    found = [name for name, text in texts(".js", under="static/js/") if forbidden.search(text)]
    assert found == []


# What ``apps.core.untrusted`` has cleaned, and nothing else, is shown as markup.
CLEANED = re.compile(r"report|packet|\w+\.rendered\.html")


def test_no_template_switches_escaping_off() -> None:
    off = re.compile(r"([\w.]*)\s*\|\s*safe(?:seq)?\b|(autoescape\s+off)\b")
    found = [
        f"{name}: {value}"
        for name, text in texts(".html", under="templates/")
        for value in map("".join, off.findall(text))
        if not CLEANED.fullmatch(value)
    ]
    assert found == []


def test_every_template_is_text_that_ends_in_a_newline() -> None:
    assert [name for name, text in texts(".html", ".py", ".md") if text and not text.endswith("\n")] == []
    assert Path(PROJECT / "templates").is_dir()
