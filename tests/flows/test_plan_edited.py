"""A person edits the plan before starting: a draft, undo, what is refused, the difference; and then it runs."""

from typing import Any

from apps.agents.models import Agent
from tests.flows.people import PersonAtWork
from tests.support.waiting import wait_until

BRIEF = """The chess club needs a command-line tool.

- add a player with a name and a rating
- list all players

A player has a name and a rating.
"""


def edits(person: PersonAtWork, draft: Any, *, expect: int = 200, **operation: Any) -> Any:
    return person.post(f"/plans/{draft['id']}/edits", expect=expect, edition=draft["edition"], operation=operation)


def test_a_person_edits_the_plan_before_starting(ada: PersonAtWork, ben: PersonAtWork) -> None:
    goal = ada.submits("Chess club", BRIEF)
    ada.waits_for_goal(goal, "proposed")
    proposed = ada.get(f"/goals/{goal}/plan")
    first = proposed["tasks"][0]

    # Ada makes a draft of the proposed plan. Nothing changes for anybody else.
    draft = ada.post(f"/plans/{proposed['id']}/drafts", why="The first step takes longer here.")
    assert draft["draft"]["difference"]["sentence"] == "Nothing changes."
    assert ada.get(f"/goals/{goal}/plan")["id"] == proposed["id"]

    # She knows better how long the first task takes. The whole plan is computed anew at once.
    longer = {"optimistic": 5, "likely": 10, "pessimistic": 15}
    draft = edits(ada, draft, kind="change", task=first["key"], **longer)
    assert draft["minutes"] > proposed["minutes"]
    assert float(draft["cost"]) > float(proposed["cost"])

    # She splits the task in two along what it makes.
    made = next(task for task in draft["draft"]["tasks"] if task["key"] == first["key"])["produces"]
    parts = [{"title": "Number the requirements", "produces": made[:1]}, {"title": "Tell them", "produces": made[1:]}]
    if len(made) > 1:
        draft = edits(ada, draft, kind="split", task=first["key"], parts=parts)
        assert len(draft["draft"]["tasks"]) == len(proposed["tasks"]) + 1
        draft = ada.post(f"/plans/{draft['id']}/undo", edition=draft["edition"])

    # A task that others need is not taken out from under them, and nothing comes before what it needs.
    refused = edits(ada, draft, expect=422, kind="remove", task=first["key"])
    assert "Take it out together with what depends on it" in refused["detail"]
    last = proposed["tasks"][-1]["key"]
    circle = edits(ada, draft, expect=422, kind="order", before=last, after=first["key"])
    assert "in a circle" in circle["detail"] or "a phase can't wait for a later one" in circle["detail"]

    # Ben edits the same draft meanwhile; Ada hears of it before her edit counts.
    analyst = Agent.objects.filter(status="active", capabilities__capability=first["capability"]).first()
    assert analyst is not None
    seen = draft
    draft = edits(ben, draft, kind="change", task=first["key"], agent=analyst.slug)
    stale = edits(ada, seen, expect=409, kind="change", task=first["key"], title="Ask")
    assert stale["since"][-1]["by"] == "ben"

    # What she proposes is what she saw, and what she starts is what she proposed.
    plan = ada.post(f"/plans/{draft['id']}/propose", edition=draft["edition"])
    assert (plan["status"], ada.get(f"/plans/{proposed['id']}")["status"]) == ("proposed", "discarded")
    ada.post(f"/goals/{goal}/start")

    def given() -> Any:
        task = next(task for task in plan["tasks"] if task["key"] == first["key"])
        attempts = ada.get(f"/tasks/{task['id']}")["attempts"]
        return attempts[0] if attempts else None

    # The task goes to the agent that Ben chose.
    assert wait_until(given, what="the first task to be given to an agent")["agent"] == analyst.slug
    ada.waits_for_gate(goal, "QG-PHASE1")
