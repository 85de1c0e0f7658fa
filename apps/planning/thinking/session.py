"""One plan's questions to one model, in their order: facts, questions, ways, and a vote when the points are there."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel

from apps.agents.selectors import capabilities_known
from apps.core.untrusted import reveal
from apps.engine.approaches import Exploration
from apps.engine.facts import Facts
from apps.engine.methods import Library
from apps.goals.models import Goal
from apps.planning.thinking import answers as said
from apps.planning.thinking import facts as found
from apps.planning.thinking import keeping, prompts, questions, shown, votes
from apps.planning.thinking.chosen import LONGEST_SECONDS, ChosenModel, NotUsable, key_of
from apps.planning.thinking.dialogue import Asked, Dialogue
from apps.planning.thinking.judging import Judge
from apps.planning.thinking.limits import Budget
from apps.planning.thinking.reach import open_choices, reach_of
from apps.planning.thinking.thought import Thought
from apps.planning.thinking.ways import Way, extended

T = TypeVar("T")
A = TypeVar("A", bound=BaseModel)
LISTED = 6
LONGEST_LINE = 600


class Session:
    """Asks, keeps what was asked, and gathers the thought. What does not come leaves the library's plan as it is."""

    def __init__(
        self,
        chosen: ChosenModel,
        goal: Goal,
        facts: Facts,
        library: Library,
        answered: Mapping[str, str],
        seconds: float,
    ) -> None:
        self.chosen, self.goal, self.library, self.answered = chosen, goal, library, answered
        self.thought = Thought(facts, library, model=chosen.shown)
        self.until = time.monotonic() + min(seconds, chosen.seconds_limit, LONGEST_SECONDS)
        self.dialogue: Dialogue | None = None

    def think(self) -> Thought:
        try:
            key = key_of(self.chosen)
        except NotUsable as error:
            self._stands(str(error))
            return self.thought
        spent = keeping.spent(goal=self.goal)
        self.dialogue = Dialogue(self.chosen, key, Budget(self.chosen, self.until, spent))
        for step in (self._facts, self._questions, self._ways):
            if not self.dialogue.over:
                step()
        self.thought.voter = self._vote
        return self.thought

    def _facts(self) -> None:
        facts = self.thought.facts
        asked = self._converse(
            "facts", prompts.FACTS, shown.of_facts(facts), said.FactsAnswer, lambda answer: found.merged(facts, answer)
        )
        if asked.value is None:
            return
        self.thought.facts, taken, dropped = asked.value
        self._say("Facts", f"added {_listed(taken)}." if taken else "nothing was added to what was read already.")
        if dropped:
            self._say("Facts", f"dropped {_listed(dropped)}.")

    def _questions(self) -> None:
        facts = self.thought.facts
        asked_already = {question.key for question in facts.questions}
        choices = open_choices(reach_of(self.library, facts), {**self.answered, **dict.fromkeys(asked_already, "")})
        if not choices:
            return
        most = questions.MOST_QUESTIONS
        data = {**shown.of_brief(facts), "choices": choices}
        check = questions.checker(facts, choices, most)
        task = prompts.QUESTIONS.format(most=most)
        asked = self._converse("questions", task, data, said.QuestionsAnswer, check)
        if asked.value:
            self.thought.facts = replace(facts, questions=(*facts.questions, *asked.value))
            self._say("Questions", f"asks about {_listed([question.key for question in asked.value])}.")
        elif asked.value is not None:
            self._say("Questions", "it finds nothing else that people should be asked.")

    def _ways(self) -> None:
        facts = self.thought.facts
        judge = Judge(
            library=self.library,
            facts=facts,
            answers=self.answered,
            capabilities=frozenset(capabilities_known()),
            model=self.chosen.shown,
            unspeakable=keeping.unspeakable(goal=self.goal, facts=facts),
        )
        data = shown.of_library(self.library, facts, judge)
        asked = self._converse("methods", prompts.METHODS, data, said.WaysAnswer, judge.check)
        if asked.value:
            self.thought.library = extended(self.library, asked.value)
            self.thought.ways = [_kept(way) for way in asked.value]
            titles = [f"“{way.method.title}” for “{self.library.compounds[way.of].title}”" for way in asked.value]
            self._say("Methods", f"{_listed(titles)} stand beside the library's own.")
        elif asked.value is not None:
            self._say("Methods", "it proposes none beside the library's own.")

    def _vote(self, explored: Exploration) -> Exploration:
        close = votes.close_ones(explored.approaches)
        if len(close) < 2 or self.dialogue is None or self.dialogue.over:
            return explored
        data = {**shown.of_brief(explored.facts), "approaches": votes.described(close)}
        asked = self._converse("vote", prompts.VOTE, data, said.VoteAnswer, votes.checker(close))
        if asked.value is None:
            return explored
        place, because = asked.value
        self._say("Vote", f"'{close[place].name}' of {len(close)} within {votes.MARGIN:g} points. It says: “{because}”")
        return votes.settled(explored, close, place)

    def _converse(self, purpose: str, task: str, data: Any, answer: type[A], check: Callable[[A], T]) -> Asked[T]:
        assert self.dialogue is not None
        asked = self.dialogue.converse(purpose, task, data, answer, check)
        asked.words = _clean(asked.words)
        call = keeping.call_keep(goal=self.goal, model=self.chosen.shown, asked=asked)
        self.thought.calls.append(call)
        if asked.value is None:
            self._stands(_why(asked))
        return asked

    def _say(self, what: str, words: str) -> None:
        self.thought.lines.append(_clean(f"{what}: {words}"))

    def _stands(self, why: str) -> None:
        self.thought.stands.append(_clean(why))


_WANTED = {
    "facts": "The facts that were read without a model stand",
    "questions": "No further question is asked",
    "methods": "The library's methods stand",
    "vote": "The order by points stands",
}


def _why(asked: Asked[Any]) -> str:
    reasons = {
        "refused": "its answer was refused, also after two repairs",
        "timed out": "the time was up",
        "over the limit": "the limit for this plan was reached",
        "failed": "it could not be asked",
    }
    return f"{_WANTED[asked.purpose]}: {reasons[asked.outcome]}. {asked.words}"


def _listed(texts: list[str]) -> str:
    more = len(texts) - LISTED
    return "; ".join(texts[:LISTED]) + (f"; and {more} more" if more > 0 else "")


def _clean(text: str) -> str:
    """One line of bounded length, where every character can be seen: a model wrote part of it."""
    line = reveal(" ".join(text.split()))
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"


def _kept(way: Way) -> dict[str, Any]:
    return {
        "of": way.of,
        "name": way.method.name,
        "title": way.method.title,
        "steps": [step.task for step in way.method.steps],
        "tasks": {name: task.capability for name, task in way.primitives.items()},
    }
