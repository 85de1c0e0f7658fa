"""One short question, for the admin who has just set a model up."""

import time

from apps.planning.thinking.answers import TrialAnswer
from apps.planning.thinking.chosen import LONGEST_SECONDS, ChosenModel, NotUsable, key_of
from apps.planning.thinking.dialogue import Dialogue
from apps.planning.thinking.limits import Budget
from apps.planning.thinking.prompts import TRIAL

SECONDS = 20.0


def trial(chosen: ChosenModel, *, seconds: float = SECONDS) -> tuple[bool, str]:
    """Whether the model answers as it must, and a sentence with tokens, cost and time, or with what is wrong."""
    try:
        key = key_of(chosen)
    except NotUsable as error:
        return False, str(error)
    allowed = min(seconds, chosen.seconds_limit, LONGEST_SECONDS)
    dialogue = Dialogue(chosen, key, Budget(chosen, time.monotonic() + allowed))
    asked = dialogue.converse("trial", TRIAL, {}, TrialAnswer, lambda answer: answer.word)
    took = f"{asked.input_tokens} tokens in, {asked.output_tokens} out, €{asked.cost:.4f}, {asked.seconds:.1f} s."
    if asked.value is None:
        return False, f"The model {chosen.shown} can't be used yet. {asked.words} ({took})"
    mended = " It had to be corrected first." if asked.outcome == "repaired" else ""
    return True, f"The model {chosen.shown} answers.{mended} ({took})"
