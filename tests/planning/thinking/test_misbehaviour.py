"""A server that misbehaves in every way: the library's plan stands, in time, and the page is told why."""

import socket
import time

import pytest

from apps.planning.models import ModelCall
from apps.planning.services import goal_plan
from apps.planning.thinking import asking, session
from apps.planning.thinking.trying import trial
from apps.tasks.models import Exploration
from tests.goals.conftest import lead
from tests.planning.test_goal_plan import submitted
from tests.planning.thinking.parts import BRIEF, KEY, KEY_NAME, chosen, model_row
from tests.support.modelserver import Break, Drip, Endless, Hang, ModelServer, Raw, Slam, model_server

__all__ = ["lead"]
SHORT = 0.6  # seconds that a plan may think
DEEP = b"[" * 100_000

# What the server does, the outcome that is kept, and words of the reason.
WAYS = {
    "it never answers": (Hang, "timed out", "No whole answer came"),
    "it drips": (Drip, "timed out", "No whole answer came"),
    "it never ends": (Endless, "failed", "does not end"),
    "it is huge": (Raw(b'"' + b"x" * 3_000_000 + b'"'), "failed", "does not end"),
    "it hangs up": (Slam, "failed", "ended the connection"),
    "it hangs up half-way": (Break, "failed", "ended the connection"),
    "it fails": (Raw(b"", 500), "failed", "answers with an error (500)"),
    "it is away": (Raw(b"busy", 503), "failed", "(503)"),
    "it refuses the key": (Raw(b"", 401), "failed", "does not accept the key"),
    "it wants us to wait": (Raw(b"", 429, {"retry-after": "3600"}), "failed", "asks to wait"),
    "it redirects": (Raw(b"", 307, {"location": "/elsewhere"}), "failed", "redirects are not followed"),
    "it compresses": (Raw(b"\x1f\x8b", 200, {"content-encoding": "gzip"}), "failed", "compressed"),
    "it has NaN": (Raw(b'{"choices": NaN}'), "failed", "NaN"),
    "it has 1e999": (Raw(b'{"choices": 1e999}'), "failed", "too large"),
    "it has a key twice": (Raw(b'{"id": 1, "id": 2}'), "failed", "occurs twice"),
    "it is deep": (Raw(DEEP), "failed", "64 levels deep"),
    "it is no object": (Raw(b"[]"), "failed", "no JSON object"),
    "it is no JSON": (Raw(b"<html>"), "failed", "malformed"),
    "it is no UTF-8": (Raw(b'{"a": "\xff"}'), "failed", "not UTF-8"),
    "it is empty": (Raw(b"{}"), "failed", "can't be understood"),
    "it has no choice": (Raw(b'{"choices": []}'), "failed", "can't be understood"),
    "its message is strange": (Raw(b'{"choices": [{"message": 7}]}'), "failed", "can't be understood"),
    "its text has NaN": ('{"word": NaN}', "refused", "NaN is not a JSON number"),
    "its text has 1e999": ('{"word": 1e999}', "refused", "too large"),
    "its text has a key twice": ('{"word": "a", "word": "b"}', "refused", "occurs twice"),
    "its text is deep": ("[" * 100_000, "refused", "64 levels deep"),
    "its text is words": ("I would rather not.", "refused", "must be one JSON object"),
    "its text is nothing": ("", "refused", "must be one JSON object"),
    "its text is of another shape": ({"feature": []}, "refused", "Extra inputs are not permitted"),
    "its text has a NUL": ('{"word": "\\u0000"}', "refused", "NUL"),
}


@pytest.mark.parametrize("what", WAYS)
def test_one_call_ends_in_time_with_words(what):
    reaction, outcome, words = WAYS[what]
    begun = time.monotonic()
    with model_server(trial=reaction) as server:
        answers, told = trial(chosen(server), seconds=0.3 if outcome == "timed out" else 60)
        assert len(server.heard) == (3 if outcome == "refused" else 1)
        assert all(one.purpose != "elsewhere" for one in server.heard)
    assert not answers
    assert words in told
    assert time.monotonic() - begun < 30


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["it drips", "it never ends", "it fails", "it is deep", "its text has NaN"])
@pytest.mark.parametrize("purpose", ["facts", "methods", "vote"])
def test_the_library_s_plan_stands(lead, monkeypatch, what, purpose):
    monkeypatch.setattr(session, "LONGEST_SECONDS", SHORT if what == "it drips" else 60)
    reaction, _, words = WAYS[what]
    goal = submitted(lead, BRIEF)
    with model_server(**{purpose: reaction}) as server:
        model_row(server, secret="")
        goal_plan(goal_id=goal.pk)
    goal.refresh_from_db()
    assert goal.status == "proposed"
    told = Exploration.objects.get(goal=goal).thinking
    call = ModelCall.objects.filter(goal=goal).latest("pk")
    if what == "it drips":  # the time may have been used up one question earlier on a slow machine
        assert call.outcome in ("timed out", "over the limit")
    else:
        assert call.purpose == purpose if call.outcome == "failed" else words in " ".join(told["stands"])
    assert told["stands"]


def test_nobody_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with model_server() as server:
        away = chosen(server, base_url=f"http://127.0.0.1:{port}/v1")
        answers, told = trial(away, seconds=5)
    assert not answers
    assert "can't be reached" in told
    assert "€0.0000" in told


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    with model_server() as proxy, model_server() as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert trial(chosen(server))[0]
        assert proxy.heard == []


def test_no_library_adds_headers_or_variables_of_its_own(monkeypatch):
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, "leaks")
    for provider in ("openai", "anthropic", "ollama"):
        with model_server() as server:
            assert trial(chosen(server, provider))[0]
            headers = server.heard[0].headers
        assert "leaks" not in str(headers)
        allowed = {"host", "content-type", "content-length", "accept", "accept-encoding", "user-agent", "connection"}
        assert set(headers) <= allowed | {"anthropic-version"}


@pytest.mark.parametrize(("provider", "header"), [("openai", "authorization"), ("anthropic", "x-api-key")])
def test_the_key_goes_to_the_server_and_nowhere_else(monkeypatch, caplog, provider, header):
    caplog.set_level("DEBUG")
    monkeypatch.setenv(KEY_NAME, KEY)
    with model_server() as server:
        answers, told = trial(chosen(server, provider, secret=KEY_NAME))
        assert KEY in server.heard[0].headers[header]
    assert answers
    assert KEY not in told + caplog.text


def echo(heard):
    """A server that writes the key wherever it can."""
    key = heard.headers.get("authorization", "").removeprefix("Bearer ")
    return Raw(f'{{"id": "{key}", "error": "{key}"}}'.encode(), 200)


def escaped(heard):
    key = heard.headers["authorization"].removeprefix("Bearer ")
    return '{"word": "' + "".join(f"\\u{ord(letter):04x}" for letter in key) + '"}'


def shouted(heard):
    key = heard.headers["authorization"].removeprefix("Bearer ")
    return Raw(key.encode(), 500, {"x-key": key, "location": f"/{key}"})


@pytest.mark.django_db
@pytest.mark.parametrize("reaction", [echo, escaped, shouted])
def test_a_server_that_repeats_the_key_does_not_bring_it_in(lead, monkeypatch, caplog, reaction):
    caplog.set_level("DEBUG")
    monkeypatch.setenv(KEY_NAME, KEY)
    goal = submitted(lead, BRIEF)
    with model_server(facts=reaction, trial=reaction) as server:
        row = model_row(server)
        goal_plan(goal_id=goal.pk)
        _, told = trial(chosen(server, secret=KEY_NAME))
    kept = [list(ModelCall.objects.values()), Exploration.objects.get(goal=goal).thinking, vars(row)]
    assert KEY not in str(kept) + told + caplog.text


def test_an_error_of_ours_does_not_carry_the_key(monkeypatch):
    with model_server(trial=shouted) as server:
        model = chosen(server, secret=KEY_NAME)
        with pytest.raises(asking.NoReply) as caught:
            asking.ask(model, KEY, "rules", ["Answer with the word 'ready'."], longest=300, seconds=5)
    error: BaseException | None = caught.value
    while error is not None:
        assert KEY not in f"{error!r}{error.args}"
        error = error.__cause__


def test_the_server_of_the_tests_hears_what_is_sent():
    with model_server() as server:
        assert isinstance(server, ModelServer)
        assert trial(chosen(server))[0]
        assert [one.purpose for one in server.heard] == ["trial"]
