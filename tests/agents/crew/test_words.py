"""Names, verbs, packets: small things that everything else stands on."""

import json
import keyword
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.agents.crew import naming
from apps.agents.crew.packet import BadPacket, Packet, strict_json
from apps.agents.crew.pages_check import page_faults
from apps.agents.crew.reading import domain_from
from apps.agents.crew.registry import FUNCTIONS, function_for
from apps.agents.crew.reviews.security import entropy, secrets_in
from apps.agents.crew.roster import CREW
from apps.agents.crew.verbs import operation_of, state_after
from tests.agents.crew import briefs
from tests.agents.crew.chain import packet

PROJECT = Path(__file__).resolve().parents[3]


@given(st.text(max_size=80))
def test_every_text_becomes_a_valid_name(text: str):
    name = naming.identifier(text)
    assert name.isidentifier()
    assert name.isascii()
    assert not keyword.iskeyword(name)


@given(st.lists(st.text(max_size=12), max_size=12))
def test_names_never_collide(texts: list[str]):
    taken: set[str] = set()
    names = [naming.unique(naming.identifier(text), taken) for text in texts]
    assert len(set(names)) == len(names)


def test_fields_and_routes_never_collide():
    domain = domain_from(briefs.HOSTILE)
    for entity in domain.entities:
        names = [field.name for field in entity.fields]
        assert len(set(names)) == len(names)
        assert not {"id", "state"} & set(names)
    routes = [(feature.method, feature.path) for feature in domain.features]
    assert len(set(routes)) == len(routes)


def test_fields_are_read_from_what_a_feature_keeps():
    facts = briefs.facts(
        "api_service",
        "Bookings",
        ["Create bookings with a name, a date and the number of people.", "List bookings."],
        features=[briefs.feature("Create bookings with a name, a date and the number of people", 1, "booking")],
        entities=[briefs.entity("booking", [])],
    )
    domain = domain_from(facts)
    assert [(field.name, field.kind) for field in domain.entities[0].fields] == [
        ("name", "text"),
        ("date", "date"),
        ("number_of_people", "number"),
    ]
    assert domain.features[0].open_words == ()
    assert not domain.entities[0].assumed


@pytest.mark.parametrize(
    ("verb", "operation"),
    [("add", "create"), ("löschen", "delete"), ("chercher", "search"), ("borrar", "delete"), ("send", ""), ("fly", "")],
)
def test_verbs_of_four_languages(verb: str, operation: str):
    assert operation_of(verb, "") == operation


@pytest.mark.parametrize(
    ("verb", "title", "state"),
    [
        ("mark", "Mark a bill as paid", "paid"),
        ("borrow", "Borrow a book", "borrowed"),
        ("archive", "Archive notes", "archived"),
        ("ausleihen", "Werkzeuge ausleihen", "ausgeliehen"),
    ],
)
def test_states_are_read_from_the_words(verb: str, title: str, state: str):
    assert state_after(verb, title) == state


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
        b'{"a": "\xff"}',
        b"{",
        b'{"a": ' + b"[" * 70 + b"]" * 70 + b"}",
    ],
)
def test_broken_json_is_refused_by_name(content: bytes):
    with pytest.raises(BadPacket):
        strict_json(content)


@pytest.mark.parametrize("document", [[], {}, {"schema": "other"}, "x"])
def test_what_is_no_packet_is_refused(document: object):
    with pytest.raises(BadPacket):
        Packet.read(json.dumps(document).encode())


def test_every_capability_has_a_function_and_at_least_one_agent():
    served = {capability for agent in CREW for capability in agent.capabilities}
    assert served == set(FUNCTIONS)
    for capability in FUNCTIONS:
        assert callable(function_for(capability))


def test_some_work_can_be_reassigned_and_slugs_are_unique():
    slugs = [agent.slug for agent in CREW]
    assert len(set(slugs)) == len(slugs)
    counts = [sum(capability in agent.capabilities for agent in CREW) for capability in FUNCTIONS]
    assert sum(count > 1 for count in counts) > len(counts) / 2


def crew(content: bytes, folder: Path) -> tuple[int, list[dict[str, str]]]:
    done = subprocess.run(
        [sys.executable, "-m", "apps.agents.crew"],
        input=content,
        cwd=folder,
        env={"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        timeout=60,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_the_program_says_what_it_did_in_json_lines(tmp_path: Path):
    document = packet(briefs.EXPENSES_TOOL, "requirements.analysis", produces=["requirements/requirements.json"])
    code, lines = crew(json.dumps(document).encode(), tmp_path)
    assert code == 0
    assert [lines[0]["type"], lines[-1]["type"]] == ["task.started", "task.completed"]
    assert (tmp_path / "requirements/requirements.json").is_file()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b"null", b'{"schema": "task_packet/1"}', b'{"schema": "task_packet/1", "task": []}'],
)
def test_the_program_fails_with_words_on_a_broken_packet(content: bytes, tmp_path: Path):
    code, lines = crew(content, tmp_path)
    assert code == 1
    assert lines[-1]["type"] == "task.failed"
    assert "fault" not in lines[-1]["reason"]


def test_a_promise_that_is_not_kept_is_a_failure(tmp_path: Path):
    document = packet(
        briefs.EXPENSES_TOOL, "requirements.questions", produces=["requirements/assumptions.md", "other.txt"]
    )
    code, lines = crew(json.dumps(document).encode(), tmp_path)
    assert code == 1
    assert "other.txt was promised and not made" in lines[-1]["reason"]


def test_the_crew_needs_nothing_but_the_standard_library():
    code = (
        "import sys, apps.agents.crew.__main__, apps.agents.crew.registry as r\n"
        "[r.function_for(c) for c in r.FUNCTIONS]\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} - set(sys.stdlib_module_names) - {'apps', '__main__'}))"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done.stderr


GOOD = (
    '<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><a href="#m">Skip</a>'
    '<main id="m"><h1>H</h1><label for="a">A</label><input id="a" name="a"></main></body></html>'
)


def test_a_good_page_has_no_fault():
    assert page_faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (' lang="en"', ""),
        ("<title>T</title>", ""),
        ("<h1>H</h1>", ""),
        ("<h1>H</h1>", "<h1>H</h1><h3>x</h3>"),
        ("<h1>H</h1>", "<h1></h1>"),
        ('<a href="#m">Skip</a>', ""),
        ('for="a"', 'for="b"'),
        ("<h1>H</h1>", '<h1>H</h1><img src="a.png">'),
        ("<h1>H</h1>", '<h1 onclick="x()">H</h1>'),
        ("<h1>H</h1>", '<h1>H</h1><a href="javascript:x()">x</a>'),
        ("<title>", '<link rel="stylesheet" href="//cdn.example/x.css"><title>'),
        ("</main>", ""),
        ('<input id="a"', '<p id="a"></p><input id="a"'),
    ],
)
def test_a_broken_rule_is_found(old: str, new: str):
    assert old in GOOD
    assert page_faults(GOOD.replace(old, new))


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN RSA PRIVATE KEY-----",
        "token = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'",
        'api_key: "s3cr3t-value"',
        "postgres://app:hunter22@db/app",
    ],
)
def test_secrets_are_seen(line: str):
    assert secrets_in(line)


@pytest.mark.parametrize(
    "line", ["The password is asked for at the start.", "PATH = '/books/{id}/borrowed'", "a" * 64, '"0" * 40']
)
def test_plain_words_are_no_secrets(line: str):
    assert secrets_in(line) == []


def test_entropy_is_in_bits():
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2
