"""The answers as types. What does not fit them is refused before anything looks at it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
MaybeWord = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)]
Quote = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Path = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Number = Annotated[int, Field(ge=0, le=100_000)]


class Typed(BaseModel):
    """No field that is not asked for, and no text that passes for a number."""

    model_config = ConfigDict(extra="forbid", strict=True)


class SaidFeature(Typed):
    title: Line
    verb: Word
    entity: MaybeWord = ""
    sentence: Number
    quote: Quote


class SaidEntity(Typed):
    name: Word
    fields: Annotated[list[Word], Field(max_length=20)] = []
    sentence: Number
    quote: Quote


class SaidName(Typed):
    name: Word
    sentence: Number
    quote: Quote


class SaidConstraint(Typed):
    kind: Word
    text: Line
    sentence: Number


class SaidKind(Typed):
    kind: MaybeWord = ""
    sentence: Number = 0
    quote: Annotated[str, StringConstraints(max_length=2000)] = ""


class FactsAnswer(Typed):
    """What the brief says, as far as it is not known yet."""

    kind: SaidKind = SaidKind()
    features: Annotated[list[SaidFeature], Field(max_length=60)] = []
    entities: Annotated[list[SaidEntity], Field(max_length=40)] = []
    users: Annotated[list[SaidName], Field(max_length=20)] = []
    qualities: Annotated[list[SaidName], Field(max_length=20)] = []
    constraints: Annotated[list[SaidConstraint], Field(max_length=40)] = []


class SaidQuestion(Typed):
    choice: Word
    default: Word
    sentence: Number


class QuestionsAnswer(Typed):
    """Open choices that a person should decide."""

    questions: Annotated[list[SaidQuestion], Field(max_length=20)] = []


class SaidStep(Typed):
    task: Word
    for_each: MaybeWord = ""


class SaidTask(Typed):
    name: Word
    title: Line
    description: Text = ""
    phase: Annotated[int, Field(ge=1, le=7)]
    capability: Word
    consumes: Annotated[list[Path], Field(max_length=40)] = []
    produces: Annotated[list[Path], Field(min_length=1, max_length=40)]
    acceptance: Annotated[list[Line], Field(min_length=1, max_length=12)]
    minutes: Annotated[list[float], Field(min_length=3, max_length=3)]


class SaidWay(Typed):
    """Another way to do a known task."""

    of: Word
    name: Word
    title: Line
    summary: Text = ""
    assumptions: Annotated[list[Line], Field(max_length=6)] = []
    risks: Annotated[list[Line], Field(max_length=6)] = []
    only_with: Annotated[dict[Word, list[Word]], Field(max_length=6)] = {}
    steps: Annotated[list[SaidStep], Field(min_length=1, max_length=20)]
    tasks: Annotated[list[SaidTask], Field(max_length=12)] = []


class WaysAnswer(Typed):
    ways: Annotated[list[SaidWay], Field(max_length=2)] = []


class VoteAnswer(Typed):
    number: Annotated[int, Field(ge=1, le=100)]
    because: Annotated[str, StringConstraints(max_length=400)] = ""


class TrialAnswer(Typed):
    word: Word
