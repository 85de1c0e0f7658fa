"""One question with at most two repairs: the answer is checked by symbols, and sent back with the checker's words."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from apps.core import strictjson
from apps.planning.thinking.asking import NoReply, Reply, ask, size
from apps.planning.thinking.chosen import ChosenModel
from apps.planning.thinking.limits import Budget, OverLimit, tokens_of
from apps.planning.thinking.prompts import RULES, framed, mend
from apps.planning.thinking.wire import repeats

T = TypeVar("T")
A = TypeVar("A", bound=BaseModel)
REPAIRS = 2
LONGEST_ANSWER = 400_000  # bytes of text
MOST_PROBLEMS = 12
Asker = Callable[..., Reply]


class Unfit(Exception):
    """The answer can't be used; ``problems`` are sentences that the model can mend it by."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(dict.fromkeys(problems))[:MOST_PROBLEMS]


@dataclass
class Asked(Generic[T]):
    """A question and what came of it. ``outcome`` is one of ModelCall's; ``value`` is there only if it was used."""

    purpose: str
    outcome: str = "refused"
    value: T | None = None
    words: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)
    seconds: float = 0.0
    calls: int = 0


@dataclass
class Dialogue:
    """Asks one model within one budget."""

    chosen: ChosenModel
    key: str
    budget: Budget
    asker: Asker = field(default=ask)
    # Set once the server failed: it is not asked again for this plan.
    over: bool = False

    def converse(self, purpose: str, task: str, data: Any, answer: type[A], check: Callable[[A], T]) -> Asked[T]:
        """Ask for an ``answer``; ``check`` gives the value, or raises ``Unfit`` with words for a repair."""
        asked: Asked[T] = Asked(purpose)
        begun = time.monotonic()
        try:
            self._rounds(asked, task, data, answer, check)
        except NoReply as error:
            self.over = True
            asked.outcome, asked.words = error.outcome, str(error)
        except OverLimit as error:
            self.over = True
            asked.outcome, asked.words = "over the limit", str(error)
        asked.seconds = time.monotonic() - begun
        return asked

    def _rounds(self, asked: Asked[T], task: str, data: Any, answer: type[A], check: Callable[[A], T]) -> None:
        said = [framed(task, data, answer)]
        for left in reversed(range(REPAIRS + 1)):
            reply = self._ask(asked, said)
            try:
                asked.value = check(_read(reply.text, answer, self.key))
            except Unfit as error:
                asked.words = " ".join(error.problems)
                if left:
                    said = [said[0], reply.text[:LONGEST_ANSWER] or "{}", mend(error.problems)]
                continue
            asked.outcome = "used" if asked.calls == 1 else "repaired"
            asked.words = "" if asked.calls == 1 else f"Mended after: {asked.words}"
            return

    def _ask(self, asked: Asked[T], said: Sequence[str]) -> Reply:
        sent = size(RULES, *said)
        seconds, longest = self.budget.seconds(), self.budget.longest_answer(sent)
        asked.calls += 1
        try:
            reply = self.asker(self.chosen, self.key, RULES, said, longest=longest, seconds=seconds)
        except NoReply as error:
            if not error.free:
                # Nobody says what it cost: it is booked as if the whole answer had come.
                self._book(asked, tokens_of(sent), longest)
            raise
        self._book(asked, reply.input_tokens, reply.output_tokens)
        return reply

    def _book(self, asked: Asked[T], input_tokens: int, output_tokens: int) -> None:
        asked.input_tokens += input_tokens
        asked.output_tokens += output_tokens
        asked.cost += self.budget.book(input_tokens, output_tokens)


def _read(text: str, answer: type[A], key: str) -> A:
    """The answer as typed data. Raises ``Unfit``."""
    try:
        data = strictjson.loads(_bare(text), max_bytes=LONGEST_ANSWER)
    except strictjson.NotStrictJson as error:
        raise Unfit([f"The answer must be one JSON object and nothing else. {error}"]) from None
    if repeats(key, data):
        raise Unfit(["The answer contains what must not be told."])
    try:
        return answer.model_validate(data)
    except ValidationError as error:
        raise Unfit([_problem(one) for one in error.errors(include_url=False, include_input=False)]) from None


def _bare(text: str) -> str:
    """Without the fence that models like to put around JSON.

    >>> _bare('```json\\n{"a": 1}\\n```')
    '{"a": 1}'
    """
    bare = text.strip()
    if bare.startswith("```") and bare.endswith("```") and "\n" in bare:
        bare = bare[bare.index("\n") : -3].strip()
    return bare


def _problem(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])[:120]
    return f"{place or 'the answer'}: {str(error['msg'])[:160]}."
