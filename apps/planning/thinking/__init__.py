"""Planning with a model, where one is configured: it proposes, symbols decide, and the library's plan always stands.

Nothing here loads a provider's library until a configured model is about to be asked.
"""

import logging
import time
from collections.abc import Mapping

from django.db import Error as DatabaseFailure

from apps.engine.facts import Facts
from apps.engine.methods import Library
from apps.goals.models import Goal
from apps.planning.thinking.chosen import ChosenModel, configured
from apps.planning.thinking.thought import Thought

__all__ = ["Thought", "think", "trial"]

log = logging.getLogger(__name__)


def think(*, goal: Goal, facts: Facts, library: Library, answers: Mapping[str, str], seconds: float) -> Thought:
    """What a model adds to the facts and the library within so many seconds; as they are where none is configured.

    Call it outside of a transaction: it may take as long as it is given, and keeps a ``ModelCall`` for each question.
    It raises nothing but the errors of the database.
    """
    chosen = configured()
    if chosen is None:
        return Thought(facts, library)
    begun = time.monotonic()
    try:
        from apps.planning.thinking import session  # noqa: PLC0415 - it loads the providers' libraries, for seconds

        left = seconds - (time.monotonic() - begun)
        return session.Session(chosen, goal, facts, library, answers, left).think()
    except DatabaseFailure:
        raise
    except Exception as error:
        log.exception("thinking about goal %s with %s failed", goal.pk, chosen.shown)
        why = f"Asking {chosen.shown} stopped at an unexpected error ({type(error).__name__})."
        return Thought(facts, library, model=chosen.shown, stands=[why])


def trial(chosen: ChosenModel) -> tuple[bool, str]:
    """Ask the model one short question: whether it answers, and the sentence that says so."""
    from apps.planning.thinking import trying  # noqa: PLC0415 - as above

    return trying.trial(chosen)
