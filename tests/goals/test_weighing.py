"""How approaches are weighed: ranges with words, what is kept, and what can't be read."""

import pytest

from apps.accounts import services as accounts
from apps.core.errors import Invalid, NotAllowed
from apps.core.models import Event
from apps.goals.intake import Constraints
from apps.goals.services import goal_create, goal_weigh
from apps.goals.weighing import Weighing, weighed, weighing_of, weighing_problems


@pytest.mark.parametrize(
    ("weighing", "fields"),
    [
        (Weighing(), set()),
        (Weighing(1, 1, {"time": 100, "cost": 0, "risk": 0, "fit": 0}), set()),
        (Weighing(50, 20, {"risk": 0}), set()),
        (Weighing(0), {"beam"}),
        (Weighing(51, 21), {"beam", "depth"}),
        (Weighing(weights={"time": -1, "fit": float("nan"), "risk": float("inf")}), {"time", "fit", "risk"}),
        (Weighing(weights={"beauty": 1}), {"weights"}),
        (Weighing(weights={"time": 0, "cost": 0, "risk": 0, "fit": 0}), {"time"}),
    ],
)
def test_words_beside_each_bad_setting(weighing: Weighing, fields: set[str]) -> None:
    assert set(weighing_problems(weighing)) == fields


@pytest.mark.parametrize(
    "planning",
    [{"beam": "5"}, {"beam": 0}, {"depth": True}, {"weights": [1]}, {"weights": {"time": "much"}}, {"weights": {}}],
)
def test_what_can_not_be_read_is_left_to_the_planner(planning: dict[str, object]) -> None:
    assert weighing_of(planning) == Weighing()


def test_what_is_kept_is_read_again() -> None:
    wanted = Weighing(7, 3, {"time": 10.0})
    assert weighing_of(weighed({"first_phase": 2}, wanted)) == wanted
    assert weighed({"first_phase": 2, "beam": 3}, Weighing()) == {"first_phase": 2}


@pytest.mark.django_db
def test_a_change_is_kept_and_told_once(lead, goal) -> None:
    for _ in range(2):
        assert goal_weigh(goal=goal, person=lead, weigh=Weighing(beam=9)).planning == {"beam": 9}
    assert Event.objects.filter(stream=goal.pk, type="goal.weighed").count() == 1
    with pytest.raises(Invalid):
        goal_weigh(goal=goal, person=lead, weigh=Weighing(beam=0))
    looker = accounts.person_create(username="look", password="a long sentence", role="viewer", groups=[])
    with pytest.raises(NotAllowed):
        goal_weigh(goal=goal, person=looker, weigh=Weighing(beam=2))


@pytest.mark.django_db
def test_a_new_goal_is_refused_with_words_for_its_weights_too(lead) -> None:
    with pytest.raises(Invalid) as refused:
        goal_create(person=lead, title="", brief=b"x", constraints=Constraints(), weigh=Weighing(depth=99))
    assert set(refused.value.fields) == {"title", "depth"}
