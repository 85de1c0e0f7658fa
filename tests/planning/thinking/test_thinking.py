"""A goal is planned with a model over HTTP: what holds is taken, what does not is mended or refused; all is told."""

from decimal import Decimal

import pytest
from django.test import override_settings

from apps.engine import planner
from apps.inbox.models import Question
from apps.planning import selectors, services
from apps.planning.models import ModelCall, ThinkingModel
from apps.planning.services import goal_plan
from apps.planning.thinking import session
from apps.planning.thinking.ways import UNTRIED
from apps.tasks.models import Exploration, Task
from tests.goals.conftest import lead
from tests.planning.test_goal_plan import submitted
from tests.planning.thinking.parts import BRIEF, FACTS, KEY, KEY_NAME, model_row, task, way
from tests.support.modelserver import Usage, model_server, prompt_of

__all__ = ["lead"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv(KEY_NAME, KEY)


def planned(lead, brief=BRIEF):
    goal = submitted(lead, brief)
    goal_plan(goal_id=goal.pk)
    goal.refresh_from_db()
    assert (goal.status, goal.failure) == ("proposed", "")
    return goal


def thinking(goal):
    return Exploration.objects.get(goal=goal).thinking


def outcomes(goal):
    return {call.purpose: call.outcome for call in ModelCall.objects.filter(goal=goal).order_by("pk")}


@pytest.mark.parametrize("provider", ["openai", "anthropic", "ollama"])
def test_what_holds_is_taken(lead, provider):
    asks = {"questions": [{"choice": "verification", "default": "acceptance-first", "sentence": 4}]}
    with model_server(facts=FACTS, questions=asks, methods={"ways": [way()]}) as server:
        model_row(server, provider)
        goal = planned(lead)
        heard = server.heard
    assert "report-overdue-loans" in {feature["slug"] for feature in goal.facts["features"]}
    assert Task.objects.filter(goal=goal, title="Report overdue loans").exists()
    told = thinking(goal)
    assert told["model"] == f"{provider}:scripted"
    assert [one["name"] for one in told["ways"]] == ["words-first"]
    assert "“Words of the trade first” for “Build the code”" in " ".join(told["lines"])
    assert set(outcomes(goal).values()) == {"used"}
    assert [heard[0].purpose, heard[-1].purpose] in (["facts", "methods"], ["facts", "vote"])
    spent = sum(call.cost for call in ModelCall.objects.filter(goal=goal))
    assert Decimal(told["cost"]) == spent > 0
    tree = selectors.comparison(goal=goal)["tree"]
    assert "words-first" in {thought["method"] for thought in tree["thoughts"]}
    beside = [approach for approach in selectors.approaches(goal=goal) if "build-code" in approach.choices]
    assert [approach.choices["build-code"] for approach in beside] == ["words-first"]
    assert UNTRIED in beside[0].risks


def test_a_question_of_the_model_is_ours_in_words_and_only_about_the_plan(lead):
    asks = {"questions": [{"choice": "verification", "default": "acceptance-first", "sentence": 4}]}
    with model_server(questions=asks) as server:
        model_row(server)
        goal = planned(lead)
    questions = {question.key: question for question in Question.objects.filter(goal=goal)}
    assert len(questions) <= 5
    asked = questions["verification"]
    assert "Sentence 4 leaves it open: “It must be fast.”" in asked.text
    assert asked.changes
    assert "asks about verification" in " ".join(thinking(goal)["lines"])


def test_without_a_model_nothing_is_asked_and_nothing_is_kept(lead):
    goal = planned(lead)
    assert thinking(goal) == {}
    assert not ModelCall.objects.exists()


def test_the_environment_may_name_the_model(lead):
    with (
        model_server(facts=FACTS) as server,
        override_settings(PLANNING_MODEL=("openai", "scripted"), PLANNING_MODEL_URL=f"{server.url}/v1"),
    ):
        goal = planned(lead)
        assert "authorization" not in server.heard[0].headers
    assert thinking(goal)["model"] == "openai:scripted"


def test_an_answer_is_mended_with_the_validator_s_words(lead):
    wrong, right = {"ways": [way(tasks=[task(capability="shell.root")])]}, {"ways": [way()]}
    with model_server(methods=[wrong, right]) as server:
        model_row(server)
        goal = planned(lead)
        words = prompt_of(server.asked("methods")[1])
    assert "the capability 'shell.root', which no agent has" in words
    call = ModelCall.objects.get(goal=goal, purpose="methods")
    assert call.outcome == "repaired"
    assert "shell.root" in call.words
    assert thinking(goal)["ways"]


def test_after_two_repairs_the_library_s_methods_stand(lead):
    with model_server(methods={"ways": [way(tasks=[task(consumes=["nowhere.txt"])])]}) as server:
        model_row(server)
        goal = planned(lead)
        assert len(server.asked("methods")) == 3
    call = ModelCall.objects.get(goal=goal, purpose="methods")
    assert call.outcome == "refused"
    assert min(call.input_tokens, call.output_tokens) > 0
    told = thinking(goal)
    assert told["ways"] == []
    assert any("The library's methods stand" in why and "nowhere.txt" in why for why in told["stands"])


def test_the_limit_of_cost_is_looked_at_before_each_call(lead):
    with model_server() as server:
        model_row(server, cost_limit=Decimal("0.0001"))
        goal = planned(lead)
        assert server.heard == []
    assert outcomes(goal) == {"facts": "over the limit"}
    assert "€0.00 for a plan" in thinking(goal)["stands"][0]


def test_what_a_call_cost_counts_against_the_next(lead):
    claims = Usage({}, (10, 10**9))  # a server that says it wrote a billion tokens
    with model_server(facts=claims) as server:
        model_row(server, cost_limit=Decimal("0.2"))
        goal = planned(lead)
        assert [one.purpose for one in server.heard] == ["facts"]
    assert list(outcomes(goal).values())[-1] == "over the limit"
    assert ModelCall.objects.get(goal=goal, purpose="facts").output_tokens < 100_000


@pytest.mark.parametrize(
    "usage", [None, {}, "much", {"prompt_tokens": -5, "completion_tokens": 2**70}, [1, 2], {"prompt_tokens": "a"}]
)
def test_counts_that_can_t_be_true_break_nothing(lead, usage):
    with model_server(facts=Usage({}, usage)) as server:
        model_row(server)
        goal = planned(lead)
    call = ModelCall.objects.get(goal=goal, purpose="facts")
    assert 0 <= call.input_tokens < 10**6
    assert 0 <= call.cost < 1


def test_a_key_that_is_not_there_is_said_with_its_name(lead, monkeypatch):
    monkeypatch.delenv(KEY_NAME)
    with model_server() as server:
        model_row(server)
        goal = planned(lead)
        assert server.heard == []
    assert thinking(goal)["stands"] == [f"The variable {KEY_NAME}, which should hold the model's key, is empty."]


def test_additions_that_leave_no_plan_are_withdrawn(lead, monkeypatch):
    true_plan = planner.plan

    def plan(facts, library, settings):
        if "words-first" in {method.name for method in library.compounds["build-code"].methods}:
            raise ValueError("No approach keeps to the brief.")
        return true_plan(facts, library, settings)

    monkeypatch.setattr(services, "plan", plan)
    with model_server(methods={"ways": [way()]}) as server:
        model_row(server)
        goal = planned(lead)
    told = thinking(goal)
    assert "leaves no plan, so that the library's stands: No approach keeps to the brief." in " ".join(told["stands"])
    assert told["ways"] == []
    assert all(line.startswith("Vote:") for line in told["lines"])


def test_a_fault_of_ours_leaves_the_library_s_plan(lead, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("a detail")

    monkeypatch.setattr(session.Session, "think", broken)
    with model_server() as server:
        model_row(server)
        goal = planned(lead)
    assert "stopped at an unexpected error (RuntimeError)" in thinking(goal)["stands"][0]
    assert "a detail" in caplog.text


def test_only_one_model_is_active(lead):
    from django.db import IntegrityError, transaction

    with model_server() as server:
        model_row(server)
        with pytest.raises(IntegrityError), transaction.atomic():
            model_row(server, name="another")
    assert ThinkingModel.objects.count() == 1
