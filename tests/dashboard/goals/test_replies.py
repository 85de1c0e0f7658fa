"""Answers to actions: pure, without a database."""

import json
from urllib.parse import unquote

from django.test import RequestFactory

from apps.core.errors import Conflict
from apps.dashboard.replies import acted, refused, stay


def request(htmx: bool = True):
    made = RequestFactory().post("/x")
    made.htmx = htmx  # type: ignore[attr-defined]
    return made


def test_a_toast_survives_every_character() -> None:
    response = stay("“Größe” → \n done", reread="goal-head")
    assert json.loads(response["HX-Trigger"])["toast"]["text"] == "“Größe” → \n done"
    assert response["HX-Trigger"].isascii()


def test_a_problem_is_percent_encoded() -> None:
    response = refused(request(), Conflict("“Größe” passt nicht.\r\nX: y"), back="/")
    assert response.status_code == 409
    assert unquote(response["X-Problem"]) == "“Größe” passt nicht.\r\nX: y"


def test_what_is_no_refusal_is_not_hidden() -> None:
    def broken() -> str:
        raise ZeroDivisionError

    try:
        acted(request(), broken, back="/")
    except ZeroDivisionError:
        return
    raise AssertionError("an error of ours was turned into an answer")
