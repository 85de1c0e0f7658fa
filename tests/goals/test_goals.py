"""Goals and their briefs: kept byte for byte, added to and never edited."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts import services as accounts
from apps.accounts.models import Group
from apps.core import transitions
from apps.core.errors import Conflict, Invalid, NotAllowed, NotThere
from apps.core.models import Event
from apps.goals import selectors
from apps.goals.intake import Constraints
from apps.goals.models import Brief, Goal
from apps.goals.services import brief_add, goal_create
from tests.goals.conftest import BRIEF

pytestmark = pytest.mark.django_db


def test_a_goal_begins_as_a_draft_with_its_brief_byte_for_byte(lead):
    brief = b"\xef\xbb\xbfKeep books.\r\n\r\n  Trailing space \n"
    deadline = datetime.now(UTC) + timedelta(days=3)
    goal = goal_create(
        person=lead, title="  Books ", brief=brief, constraints=Constraints(deadline, Decimal("12.345"), 4), start=True
    )
    goal.refresh_from_db()
    assert (goal.title, goal.status, goal.group.slug, goal.owner) == ("Books", "draft", "owners", lead)
    assert (goal.deadline, goal.budget, goal.slots) == (deadline, Decimal("12.35"), 4)
    assert goal.start_when_proposed is True
    assert selectors.brief_bytes(goal=goal) == brief
    assert Brief.objects.get(goal=goal).sha256 == hashlib.sha256(brief).hexdigest()
    event = Event.objects.get(stream=goal.pk)
    assert (event.seq, event.type, event.subject) == (1, "goal.submitted", f"goal:{goal.pk}")
    assert event.actor["name"] == "mara"


def test_every_field_that_can_t_be_used_has_its_words(lead):
    with pytest.raises(Invalid) as refused:
        goal_create(person=lead, title="", brief=b"\x00", constraints=Constraints(slots=99))
    assert set(refused.value.fields) == {"title", "brief", "slots"}
    assert not Goal.objects.exists()


def test_somebody_without_a_group_is_told_so(db):
    loner = accounts.person_create(username="loner", password="a long sentence", role="lead")
    with pytest.raises(Invalid) as refused:
        goal_create(person=loner, title="Books", brief=BRIEF, constraints=Constraints())
    assert set(refused.value.fields) == {"group"}


def test_the_group_is_owners_else_the_first_else_the_one_given(lead):
    lead.seat_groups.set(Group.objects.filter(slug__in=["quality", "design"]))
    made = goal_create(person=lead, title="Books", brief=BRIEF, constraints=Constraints())
    assert made.group.slug == "design"
    given = Group.objects.get(slug="architects")
    made = goal_create(person=lead, title="Books", brief=BRIEF, constraints=Constraints(), group=given)
    assert made.group == given


def test_a_viewer_can_t_submit_and_an_operator_can_t_ask_to_start(lead):
    viewer = accounts.person_create(username="vera", password="a long sentence", groups=["owners"])
    with pytest.raises(NotAllowed):
        goal_create(person=viewer, title="Books", brief=BRIEF, constraints=Constraints())
    operator = accounts.person_create(username="otto", password="a long sentence", role="operator", groups=["owners"])
    with pytest.raises(NotAllowed, match="start a plan"):
        goal_create(person=operator, title="Books", brief=BRIEF, constraints=Constraints(), start=True)
    assert goal_create(person=operator, title="Books", brief=BRIEF, constraints=Constraints()).status == "draft"


def test_a_token_can_t_ask_to_start(lead):
    lead.acting_scopes = frozenset({"submit"})
    with pytest.raises(NotAllowed, match="token"):
        goal_create(person=lead, title="Books", brief=BRIEF, constraints=Constraints(), start=True)
    assert goal_create(person=lead, title="Books", brief=BRIEF, constraints=Constraints()).pk


def test_additions_are_numbered_and_the_brief_stays(goal, lead):
    brief_add(goal=goal, person=lead, content=b"Also journals.")
    brief_add(goal=goal, person=lead, content=b"And maps.")
    assert [brief.number for brief in selectors.briefs(goal=goal)] == [1, 2, 3]
    assert selectors.brief_bytes(goal=goal) == BRIEF
    assert selectors.brief_text(goal=goal) == BRIEF.decode() + "\n\nAlso journals.\n\nAnd maps."


def test_a_goal_at_its_end_takes_no_addition(goal, lead):
    transitions.move(goal, "cancelled")
    with pytest.raises(Conflict, match="cancelled"):
        brief_add(goal=goal, person=lead, content=b"Also journals.")


def test_an_addition_is_checked_like_a_brief(goal, lead):
    with pytest.raises(Invalid):
        brief_add(goal=goal, person=lead, content=b" ")


def test_a_list_of_goals_is_one_query(lead, django_assert_num_queries):
    for number in range(7):
        goal_create(person=lead, title=f"Goal {number}", brief=BRIEF, constraints=Constraints())
    with django_assert_num_queries(1):
        goals: Any = selectors.goal_list()
        rows = [(row.title, row.owner.username, row.group.slug, row.progress) for row in goals]
    assert rows[0] == ("Goal 6", "mara", "owners", 0.0)
    assert len(rows) == 7


def test_it_filters_by_status(goal, lead):
    assert list(selectors.goal_list(status="draft")) == [goal]
    assert list(selectors.goal_list(status="live")) == [goal]
    transitions.move(goal, "cancelled")
    assert list(selectors.goal_list(status="live")) == []


def test_a_missing_goal_has_words():
    with pytest.raises(NotThere):
        selectors.goal_get(goal_id=uuid.uuid4())


def test_events_come_after_a_number(goal):
    transitions.move(goal, "planning")
    assert [event.seq for event in selectors.events_after(stream=goal.pk, after=1)] == [2]
    told: Any = selectors.last_seq(Goal.objects.all()).get()
    assert told.last_seq == 2
