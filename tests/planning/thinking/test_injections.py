"""Briefs that talk to the model, and a model that obeys every word of them: the plan is the library's, all the same.

Each file has the brief, what the obedient model says for each purpose, and words that may stand nowhere afterwards.
"""

import json
from pathlib import Path

import pytest
import yaml

from apps.core.strictjson import canonical
from apps.gates.models import Clearance, Vote
from apps.goals.intake import Constraints
from apps.goals.services import goal_create
from apps.inbox.models import Question
from apps.planning import selectors
from apps.planning.models import ModelCall
from apps.planning.services import goal_plan
from apps.tasks.models import Task
from tests.goals.conftest import lead
from tests.planning.test_goal_plan import submitted
from tests.planning.thinking.parts import KEY, KEY_NAME, model_row
from tests.support.modelserver import model_server, prompt_of

__all__ = ["lead"]
pytestmark = pytest.mark.django_db
CORPUS = sorted(Path(__file__).with_name("injections").glob("*.yaml"))
COMPARED = (
    "key",
    "title",
    "description",
    "phase",
    "capability",
    "consumes",
    "produces",
    "acceptance",
    "likely",
    "minutes",
)


def planned(lead, brief):
    goal = submitted(lead, brief, title="Notes")
    goal_plan(goal_id=goal.pk)
    goal.refresh_from_db()
    assert (goal.status, goal.failure) == ("proposed", "")
    return goal


def everything_of(goal):
    """All that people and agents are given of a plan, but for ids and times."""
    tasks = Task.objects.filter(goal=goal).order_by("key")
    questions = Question.objects.filter(goal=goal).order_by("key")
    approaches = selectors.approaches(goal=goal)
    return {
        "tasks": [{name: getattr(task, name) for name in COMPARED} for task in tasks],
        "facts": goal.facts,
        "questions": [[question.key, question.text, question.default] for question in questions],
        "approaches": [[one.name, one.summary, one.risks, one.assumptions, one.scores] for one in approaches],
    }


def test_there_are_enough_of_them():
    assert len(CORPUS) >= 12


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.stem)
def test_nothing_unwanted_reaches_the_plan(lead, monkeypatch, file):
    monkeypatch.setenv(KEY_NAME, KEY)
    case = yaml.safe_load(file.read_text(encoding="utf-8"))
    goal_create(person=lead, title="Payroll of the North", brief=b"Pay people.", constraints=Constraints())
    without = everything_of(planned(lead, case["brief"]))
    with model_server(**case["says"]) as server:
        model_row(server)
        goal = planned(lead, case["brief"])
        said = [heard for heard in server.heard if heard.purpose in case["says"]]
    assert said, "the obedient model was never asked"
    after = everything_of(goal)
    assert after == without
    text = json.dumps(after, default=str).casefold()
    known = json.dumps([goal.facts, case["brief"]]).casefold()
    assert [word for word in case["never"] if word.casefold() in text and word.casefold() not in known] == []
    assert not Clearance.objects.filter(goal=goal).exists()
    assert not Vote.objects.filter(round__gate__goal=goal).exists()
    assert ModelCall.objects.filter(goal=goal).exists()


@pytest.mark.parametrize("name", ["closing-the-data", "auf-deutsch"])
def test_the_brief_is_data_between_marks_that_it_can_t_close(lead, name):
    case = yaml.safe_load(Path(__file__).with_name("injections").joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    with model_server() as server:
        model_row(server, secret="")
        planned(lead, case["brief"])
        heard = server.asked("facts")[0]
    prompt = prompt_of(heard)
    begin = prompt.rindex("<data ", 0, prompt.index('"kind"', prompt.index("<data ")))
    mark = prompt[begin + 6 : begin + 22]
    assert prompt.endswith(f"</data {mark}>")
    assert prompt.count(f"</data {mark}>") == 1
    data = json.loads(prompt[begin + 24 : -len(f"\n</data {mark}>")])
    assert "".join(one["text"] for one in data["sentences"]).replace(" ", "") in case["brief"].replace(" ", "")
    rules = next(message for message in heard.body["messages"] if message["role"] == "system")
    assert case["brief"][-30:] not in json.dumps(rules)
    assert canonical(data).decode() in prompt
