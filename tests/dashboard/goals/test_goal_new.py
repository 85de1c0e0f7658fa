"""A new goal: words beside the field, nothing lost, one goal for one click."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.goals.models import Goal
from apps.goals.selectors import brief_bytes
from tests.dashboard.goals.conftest import person

GOOD = {"title": "Books", "brief": "A reader can list books.", "idempotency_key": "one"}

pytestmark = pytest.mark.django_db


def submit(client: Client, **changes: Any) -> Any:
    return client.post("/goals/new", {**GOOD, **changes})


def upload(content: bytes, name: str = "brief.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_it_makes_a_goal_and_goes_on_at_its_intake(owner: Client) -> None:
    response = submit(owner, budget="39.50", slots="4")
    goal = Goal.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/goals/{goal.pk}/intake"
    assert (goal.status, str(goal.budget), goal.slots, goal.start_when_proposed) == ("draft", "39.50", 4, False)


def test_it_makes_one_goal_of_the_same_form_sent_twice(owner: Client) -> None:
    first, second = submit(owner), submit(owner)
    assert first["Location"] == second["Location"]
    assert Goal.objects.count() == 1


def test_it_refuses_the_same_key_for_another_goal(owner: Client) -> None:
    submit(owner)
    response = submit(owner, title="Something else")
    assert response.status_code == 422
    assert Goal.objects.count() == 1
    assert "Something else" in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"brief": "  "}, "The brief is empty"),
        ({"brief": "x" * (201 * 1024)}, "at most 200 KB"),
        ({"brief": "a\x00b"}, "NUL bytes"),
        ({"brief": "", "brief_file": upload(b"\xff\xfe\x41")}, "not text in UTF-8"),
        ({"brief": "", "brief_file": upload(b"\x89PNG\r\n\x1a\n\x00\x00")}, "NUL bytes"),
        ({"brief": "", "brief_file": upload(b"\x01\x02 text")}, "binary file"),
        ({"brief": "", "brief_file": upload(b"x" * (900 * 1024))}, "at most 200 KB"),
        ({"title": " "}, "Give the goal a title"),
        ({"title": "x" * 201}, "at most 200 fit"),
        ({"deadline": "soon"}, "Write the deadline as a date"),
        ({"deadline": "2001-01-01T10:00"}, "The deadline has passed"),
        ({"budget": "much"}, "Write the budget as an amount"),
        ({"budget": "-1"}, "The budget is an amount in euro"),
        ({"slots": "2.5"}, "whole number"),
        ({"slots": "99"}, "from 1 to 50 slots"),
    ],
)
def test_it_says_beside_the_field_what_is_wrong(owner: Client, changes: dict[str, Any], words: str) -> None:
    response = submit(owner, **changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Goal.objects.exists()


def test_it_loses_nothing_that_was_typed(owner: Client) -> None:
    typed = "Keep <b>this</b> & that.\nA second line."
    page = submit(owner, title="", brief=typed, budget="12", slots="3").content.decode()
    assert "Keep &lt;b&gt;this&lt;/b&gt; &amp; that.\nA second line." in page
    assert 'value="12"' in page
    assert 'value="3"' in page


def test_it_shows_the_text_of_a_dropped_file_again(owner: Client) -> None:
    page = submit(owner, title="", brief="", brief_file=upload(b"From a file.")).content.decode()
    assert "From a file.</textarea>" in page


def test_it_keeps_a_dropped_file_byte_for_byte(owner: Client) -> None:
    content = b"\xef\xbb\xbfFirst line.\r\nA reader can list books.\r\n"
    # The browser's script has put the text of the file into the field, with line ends of its own.
    submit(owner, brief="First line.\r\nA reader can list books.\r\n", brief_file=upload(content))
    assert brief_bytes(goal=Goal.objects.get()) == content


def test_it_takes_what_was_typed_over_a_file_that_was_edited(owner: Client) -> None:
    submit(owner, brief="Edited.\r\nTwice.", brief_file=upload(b"First."))
    assert brief_bytes(goal=Goal.objects.get()) == b"Edited.\nTwice."


def test_it_reads_the_deadline_in_the_persons_time_zone(db: None, browser_of: Any) -> None:
    tokyo = browser_of(person("yuki", "lead", "owners", time_zone="Asia/Tokyo"))
    assert "Asia/Tokyo" in tokyo.get("/goals/new").content.decode()
    submit(tokyo, deadline="2099-05-01T09:00")
    assert Goal.objects.get().deadline == datetime(2099, 5, 1, 0, 0, tzinfo=UTC)


def test_it_starts_by_itself_only_for_who_may_start(owner: Client, operator: Client) -> None:
    submit(owner, start="on")
    assert Goal.objects.get(owner__username="owner").start_when_proposed
    assert "As operator you may not start a plan" in operator.get("/goals/new").content.decode()
    submit(operator, start="on")
    assert not Goal.objects.get(owner__username="teammate").start_when_proposed


def test_it_refuses_a_viewer(viewer: Client) -> None:
    page = viewer.get("/goals/new").content.decode()
    assert "As viewer you may not submit goals" in page
    assert submit(viewer).status_code == 403
    assert not Goal.objects.exists()


def test_it_fills_the_form_from_an_example(owner: Client) -> None:
    page = owner.get("/goals/new?example=tool").content.decode()
    assert "Keep track of working hours" in page
    assert "A user can start a timer" in page


def test_each_example_is_a_brief_that_can_be_submitted(owner: Client) -> None:
    from apps.dashboard.examples import EXAMPLES

    for one in EXAMPLES:
        submit(owner, title=one.title, brief=one.brief, idempotency_key=one.key)
    assert Goal.objects.count() == len(EXAMPLES) == 3


def test_it_asks_who_is_not_signed_in() -> None:
    assert submit(Client())["Location"].startswith("/sign-in?next=")


def test_it_knows_no_other_method(owner: Client) -> None:
    assert owner.put("/goals/new").status_code == 405


def archive(**files: bytes) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for path, content in files.items():
            opened.writestr(path, content)
    return upload(out.getvalue(), "artifacts.zip")


def test_artifacts_for_a_later_start_are_kept(owner: Client) -> None:
    submit(owner, first_phase="4", supplied=[archive(**{"docs/a.md": b"# A"}), archive(**{"docs/b.md": b"# B"})])
    goal = Goal.objects.get()
    assert goal.planning["first_phase"] == 4
    assert sorted(goal.supplied.values_list("path", flat=True)) == ["docs/a.md", "docs/b.md"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"supplied": archive(**{"../a.md": b""})}, "could leave the workspace"),
        ({"supplied": upload(b"no zip", "x.zip")}, "is no zip file"),
        ({"first_phase": "8"}, "phase from 1 to 7"),
    ],
)
def test_words_beside_artifacts_that_can_not_be_taken(owner: Client, changes: dict[str, Any], words: str) -> None:
    response = submit(owner, **changes)
    assert response.status_code == 422
    assert words in response.content.decode().replace("&#x27;", "'")
    assert not Goal.objects.exists()
