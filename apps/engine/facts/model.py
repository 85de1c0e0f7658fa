"""The facts of a brief as values: each rests on a sentence of the brief, by its number."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

KINDS = (
    "web_application", "api_service", "command_line_tool", "library", "static_site", "data_pipeline", "report",
    "mobile_client", "migration", "event", "process_change",
)  # fmt: skip
WITHOUT_THINGS = ("report", "static_site", "event", "process_change")  # kinds that keep no data
CONSTRAINT_KINDS = ("deadline", "budget", "limit", "technology", "must_not")


@dataclass(frozen=True)
class Sentence:
    """One sentence of the brief. ``asks`` is true if somebody could say that it was not fulfilled."""

    number: int
    text: str
    asks: bool


@dataclass(frozen=True)
class Feature:
    """Something that the thing has to do. ``entity`` is the slug of what it does it to, or empty."""

    slug: str
    title: str
    sentence: int
    verb: str
    entity: str = ""


@dataclass(frozen=True)
class Entity:
    """Something that is kept. ``fields`` are those that the brief names; none is an open question."""

    slug: str
    name: str
    fields: tuple[str, ...]
    sentence: int


@dataclass(frozen=True)
class User:
    name: str
    sentence: int


@dataclass(frozen=True)
class Quality:
    name: str
    sentence: int


@dataclass(frozen=True)
class Constraint:
    """A hard limit: ``kind`` is one of CONSTRAINT_KINDS, ``text`` the clause of the brief that sets it."""

    kind: str
    text: str
    sentence: int


@dataclass(frozen=True)
class Question:
    """A point that the brief leaves open. It never blocks: the default stands, as an assumption, if nobody answers.

    ``options`` are the answers that a plan can follow, the default first; none where any words will do. Whether it is
    worth a person's time is judged by :mod:`apps.engine.asking`.
    """

    key: str
    text: str
    default: str
    changes: str
    sentence: int
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """A word that speaks for a kind, and where it stands (0 is the title)."""

    word: str
    sentence: int


@dataclass(frozen=True)
class Facts:
    """All that was understood of a brief. Made by :func:`apps.engine.facts.extract_facts`."""

    kind: str
    title: str
    language: str
    sentences: tuple[Sentence, ...] = ()
    features: tuple[Feature, ...] = ()
    entities: tuple[Entity, ...] = ()
    users: tuple[User, ...] = ()
    qualities: tuple[Quality, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    questions: tuple[Question, ...] = ()
    kind_evidence: tuple[Evidence, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The facts as plain JSON values: what a goal keeps and a packet carries."""
        return {
            "kind": self.kind,
            "title": self.title,
            "language": self.language,
            **{name: [_plain(item) for item in getattr(self, name)] for name in _LISTS},
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Facts":
        """The facts again from :meth:`as_dict`; unknown keys are ignored, so that older rows can be read.

        >>> Facts.from_dict(Facts("report", "A", "en").as_dict()) == Facts("report", "A", "en")
        True
        """
        lists = {name: tuple(_build(of, item) for item in data.get(name, [])) for name, of in _LISTS.items()}
        return cls(kind=data["kind"], title=data["title"], language=data.get("language", "en"), **lists)

    def constraints_of(self, kind: str) -> Iterator[Constraint]:
        return (constraint for constraint in self.constraints if constraint.kind == kind)


_LISTS: dict[str, type] = {
    "sentences": Sentence,
    "features": Feature,
    "entities": Entity,
    "users": User,
    "qualities": Quality,
    "constraints": Constraint,
    "questions": Question,
    "kind_evidence": Evidence,
}


def _plain(item: Any) -> dict[str, Any]:
    values = {name: getattr(item, name) for name in item.__dataclass_fields__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _build(of: type, item: dict[str, Any]) -> Any:
    fields: Any = of.__dict__["__dataclass_fields__"]
    values = {name: item[name] for name in fields if name in item}
    return of(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
