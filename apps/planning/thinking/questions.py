"""Questions that a model finds worth asking: it names a choice of the library, and the words are ours.

So a question can only be about what changes the plan, and whatever a brief talks the model into, no page asks a person
for anything else.
"""

from collections.abc import Callable, Mapping

from apps.engine.facts import Facts, Question
from apps.planning.thinking.answers import QuestionsAnswer
from apps.planning.thinking.dialogue import Unfit

MOST_QUESTIONS = 5
QUOTED = 160


def checker(
    facts: Facts, choices: Mapping[str, Mapping[str, str]], most: int
) -> Callable[[QuestionsAnswer], tuple[Question, ...]]:
    """A check of the answer that gives the questions, at most so many. ``choices``: value to title, by choice."""
    sentences = {sentence.number: sentence.text for sentence in facts.sentences}

    def check(answer: QuestionsAnswer) -> tuple[Question, ...]:
        problems: list[str] = []
        found: dict[str, Question] = {}
        for said in answer.questions:
            values = choices.get(said.choice)
            if values is None:
                problems.append(f"There is no open choice '{said.choice}'; there are {', '.join(choices)}.")
            elif said.default not in values:
                problems.append(f"'{said.choice}' can be {', '.join(values)}, not '{said.default}'.")
            elif said.sentence not in sentences:
                problems.append(f"There is no sentence {said.sentence}.")
            else:
                text = _text(said.choice, values, said.sentence, sentences[said.sentence])
                found.setdefault(said.choice, _question(said.choice, said.default, said.sentence, values, text))
        if problems:
            raise Unfit(problems)
        return tuple(found.values())[:most]

    return check


def _question(choice: str, default: str, sentence: int, values: Mapping[str, str], text: str) -> Question:
    options = (default, *(value for value in values if value != default))
    return Question(
        choice, text, default, f"which tasks there are: it is the plan's choice of {choice}", sentence, options
    )


def _text(choice: str, values: Mapping[str, str], number: int, sentence: str) -> str:
    offered = [f"{title[:1].lower()}{title[1:]} ({value})" for value, title in values.items()]
    quoted = sentence if len(sentence) <= QUOTED else f"{sentence[:QUOTED]}…"
    return (
        f"Which {choice.replace('-', ' ').replace('_', ' ')} do you want: {', '.join(offered[:-1])} or {offered[-1]}? "
        f"Sentence {number} leaves it open: “{quoted}”"
    )
