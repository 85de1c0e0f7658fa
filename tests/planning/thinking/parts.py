"""A model to ask, a goal to plan, and proposals that hold."""

from decimal import Decimal
from typing import Any

from apps.planning.models import ThinkingModel
from apps.planning.thinking.chosen import ChosenModel
from tests.support.modelserver import ModelServer

KEY = "sk-nobody-may-see-this-0123456789"
KEY_NAME = "SCRIPTED_API_KEY"
BRIEF = (
    "A web application for a library. A librarian can add a book, search books and lend a book. "
    "Overdue loans are reported every morning. It must be fast."
)


def chosen(server: ModelServer, provider: str = "openai", **more: Any) -> ChosenModel:
    url = server.url + ("/v1" if provider == "openai" else "")
    return ChosenModel(**{"name": "test", "provider": provider, "model": "scripted", "base_url": url, **more})


def model_row(server: ModelServer, provider: str = "openai", **more: Any) -> ThinkingModel:
    """The model as an admin would set it up, active, with a key."""
    url = server.url + ("/v1" if provider == "openai" else "")
    given = {
        "name": "scripted", "provider": provider, "model": "scripted", "base_url": url, "secret": KEY_NAME,
        "input_price": Decimal(2), "output_price": Decimal(8), "active": True, "seconds_limit": 30,
    }  # fmt: skip
    return ThinkingModel.objects.create(**{**given, **more})


def task(**more: Any) -> dict[str, Any]:
    """A task that holds: it writes down what the store has to hold before any feature is built."""
    return {
        "name": "write-glossary",
        "title": "Write the words of the trade down",
        "description": "Every word that the pages use, with what it means.",
        "phase": 4,
        "capability": "backend.foundation",
        "consumes": ["architecture/specification.md"],
        "produces": ["docs/words.md"],
        "acceptance": ["Every word of the brief stands in it with its meaning."],
        "minutes": [0.1, 0.2, 0.5],
        **more,
    }


def way(**more: Any) -> dict[str, Any]:
    """A way that holds: layers, with the words of the trade first."""
    return {
        "of": "build-code",
        "name": "words-first",
        "title": "Words of the trade first",
        "summary": "The words of the trade are written down before anything is built.",
        "assumptions": ["Somebody knows the words."],
        "risks": ["The words may change."],
        "only_with": {"structure": ["layered"]},
        "steps": [
            {"task": "write-glossary"},
            {"task": "foundation"},
            {"task": "store-entity", "for_each": "entity"},
            {"task": "feature", "for_each": "feature"},
            {"task": "assemble"},
        ],
        "tasks": [task()],
        **more,
    }


FACTS = {
    "features": [
        {
            "title": "Report overdue loans",
            "verb": "report",
            "entity": "loan",
            "sentence": 3,
            "quote": "Overdue loans are reported every morning",
        }
    ],
}
