"""What a model did is on the plan page in words, with tokens and cost; so is that none was asked."""

from django.test import Client

from apps.tasks.models import Exploration
from tests.api.world import World

TOLD = {
    "model": "openai:scripted",
    "lines": ["Facts: added feature “Report <b>overdue</b> loans” (sentence 3)."],
    "stands": ["The library's methods stand: its answer was refused, also after two repairs. No <i>agent</i> has it."],
    "calls": [
        {
            "purpose": "methods",
            "outcome": "refused",
            "words": "No agent has it.",
            "input_tokens": 7866,
            "output_tokens": 207,
            "cost": "0.017388",
            "seconds": 2.31,
            "calls": 3,
        }
    ],
    "ways": [],
    "cost": "0.017388",
    "input_tokens": 7866,
    "output_tokens": 207,
    "seconds": 2.31,
}


def page(client: Client, world: World) -> str:
    return client.get(f"/goals/{world.goal.pk}/plan").content.decode()


def test_it_says_what_was_taken_what_stands_and_what_it_cost(owner: Client, world: World) -> None:
    Exploration.objects.filter(goal=world.goal).update(thinking=TOLD)
    text = page(owner, world)
    assert "What the model did" in text
    assert "The library&#x27;s methods stand" in text
    assert "7866 tokens in, 207 out" in text
    assert "€0.017388" in text
    assert "refused" in text
    assert "&lt;b&gt;overdue" in text
    assert "&lt;i&gt;agent" in text


def test_a_model_that_brought_nothing_is_said_too(owner: Client, world: World) -> None:
    Exploration.objects.filter(goal=world.goal).update(thinking={**TOLD, "lines": []})
    assert "Nothing of what it said is in this plan." in page(owner, world)


def test_without_a_model_there_is_one_line_with_a_way_to_read_on(owner: Client, world: World) -> None:
    text = page(owner, world)
    assert "What the model did" not in text
    assert "Planned without a model." in text
    assert 'href="/help/plan-with-a-model"' in text


def test_the_how_to_is_a_page(owner: Client) -> None:
    response = owner.get("/help/plan-with-a-model")
    text = response.content.decode()
    assert response.status_code == 200
    assert "<h1>Plan with a model</h1>" in text
    assert "PLANNING_MODEL=ollama:qwen3" in text


def test_there_is_no_other_file_behind_it(owner: Client) -> None:
    for name in ("no-such", "..", "..%2Fconfiguration", "plan-with-a-model.md"):
        assert owner.get(f"/help/{name}").status_code == 404
    assert owner.post("/help/plan-with-a-model").status_code == 405
    assert Client().get("/help/plan-with-a-model").status_code == 302
