"""Who did something: a person, an agent, a token or the hub itself."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Actor:
    """``kind`` is person, agent, token or system; ``id`` is stable, ``name`` is what people read."""

    kind: str
    id: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    def as_dict(self) -> dict[str, str]:
        return {"kind": self.kind, "id": self.id, "name": self.name}


HUB = Actor("system", "hub", "the hub")


def person_actor(person: Any) -> Actor:
    """The actor of a signed-in person (any object with ``pk`` and ``get_username``)."""
    return Actor("person", str(person.pk), person.get_username())
