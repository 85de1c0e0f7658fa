"""Reading untyped YAML with errors that name file, place and field, all of them at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a library, and where: what an admin needs to mend it.

    ``line`` counts from 1 (0: unknown). A ``warning`` does not keep the library from being used.
    """

    file: str
    place: str
    field: str
    text: str
    line: int = 0
    warning: bool = False

    def __str__(self) -> str:
        line = f" (line {self.line})" if self.line else ""
        return f"{self.file}{', ' if self.where else ''}{self.where}: {self.text}{line}"

    @property
    def where(self) -> str:
        """Place and field, in words."""
        return ", ".join(part for part in (self.place, self.field and f"field '{self.field}'") if part)


class InvalidLibrary(ValueError):
    """The method library cannot be used."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([self.__doc__ or "", *(str(problem) for problem in self.problems)]))


class Reader:
    """One mapping of a file. Every ``take`` gives a value of the wanted type, or notes a problem and gives a harmless
    one; :meth:`done` notes the fields that nobody took, which are misspelt as a rule."""

    def __init__(self, data: Any, file: str, place: str, problems: list[Problem], line: int = 0) -> None:
        self.line: int = getattr(data, "line", 0) or line
        self.file = file
        self.place = place
        self.problems = problems
        self.taken: set[str] = set()
        self.data: Mapping[Any, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.note("", f"a mapping is wanted, not {kind_of(data)}")

    def note(self, field: str, text: str) -> None:
        lines: Mapping[Any, int] = getattr(self.data, "lines", {})
        self.problems.append(Problem(self.file, self.place, field, text, lines.get(field) or self.line))

    def inside(self, data: Any, place: str) -> "Reader":
        return Reader(data, self.file, place, self.problems, self.line)

    def raw(self, field: str, default: Any = None) -> Any:
        self.taken.add(field)
        return self.data.get(field, default)

    def text(self, field: str, default: str | None = None) -> str:
        """A string that is not blank; without a default it must be there."""
        value = self.raw(field, default)
        if isinstance(value, str) and (value.strip() or value == default):
            return value
        self.note(field, "a text is wanted, " + ("and it is missing" if value is None else f"not {kind_of(value)}"))
        return default or ""

    def number(self, field: str, default: float, least: float, most: float) -> float:
        value = self.raw(field, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        self.note(field, f"a number from {least:g} to {most:g} is wanted, not {value!r}")
        return default

    def flag(self, field: str) -> bool:
        value = self.raw(field, False)
        if isinstance(value, bool):
            return value
        self.note(field, f"true or false is wanted, not {kind_of(value)}")
        return False

    def texts(self, field: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of strings; if required, not an empty one."""
        value = self.raw(field, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.note(field, f"a list of texts is wanted, not {kind_of(value)}")
            return ()
        if required and not value:
            self.note(field, "at least one is wanted")
        return tuple(value)

    def items(self, field: str) -> list[Any]:
        value = self.raw(field, [])
        if isinstance(value, list):
            return value
        self.note(field, f"a list is wanted, not {kind_of(value)}")
        return []

    def table(self, field: str) -> dict[str, Any]:
        """A mapping with texts as keys."""
        value = self.raw(field, {})
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return value
        self.note(field, f"a mapping with texts as keys is wanted, not {kind_of(value)}")
        return {}

    def pairs(self, field: str) -> dict[str, str]:
        value = self.table(field)
        wrong = [key for key, item in value.items() if not isinstance(item, str)]
        if wrong:
            self.note(field, f"{wrong[0]} must be a text, not {kind_of(value[wrong[0]])}")
        return {key: item for key, item in value.items() if isinstance(item, str)}

    def done(self) -> None:
        for field in self.data:
            if field not in self.taken:
                known = ", ".join(sorted(self.taken))
                self.note(str(field), f"there is no such field here; there are {known}")


def kind_of(value: Any) -> str:
    """What a YAML value is, in words.

    >>> kind_of(None), kind_of([]), kind_of(True), kind_of("x")
    ('nothing', 'a list', 'true', "the text 'x'")
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {value!r}"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    return repr(value)
