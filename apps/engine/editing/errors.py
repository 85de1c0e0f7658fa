"""Why an edit was refused, in words that a person reads beside the field or above the form."""

from collections.abc import Mapping, Sequence


class EditRefused(ValueError):
    """The edit would leave no valid plan. ``field`` names the input it is about, or is empty."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class BadInput(EditRefused):
    """Some of the input can't be used; ``fields`` maps a field's name to the words beside it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class UnknownTask(EditRefused):
    """The plan has no such task (any more)."""

    def __init__(self, key: str, field: str = "task") -> None:
        super().__init__(f"The plan has no task '{key}'. Somebody may have taken it out or split it.", field)


class Locked(EditRefused):
    """The task was begun already, so nothing of it can change."""

    def __init__(self, title: str, why: str) -> None:
        super().__init__(f"“{title}” {why}: what was begun is not changed by a new plan. Add a task beside it instead.")


class Orphan(EditRefused):
    """A task would need an artifact that nobody makes and the goal does not bring."""

    def __init__(self, missing: Sequence[tuple[str, str]]) -> None:
        """``missing``: (task's title, path)."""
        needs = "; ".join(f"“{title}” needs {path}" for title, path in missing)
        super().__init__(f"{needs}: no task would make that, and the goal does not bring it.", "consumes")
        self.missing = tuple(missing)


class StillNeeded(EditRefused):
    """Others need what the task makes, or are to come after it."""

    def __init__(self, title: str, consumers: Sequence[str]) -> None:
        names = ", ".join(f"“{name}”" for name in consumers)
        super().__init__(
            f"{names} {'needs' if len(consumers) == 1 else 'need'} what “{title}” makes. Take it out together with "
            "what depends on it, or let another task make that first."
        )
        self.consumers = tuple(consumers)


class SharedOutput(EditRefused):
    """Two tasks would make the same file, or one a file where another needs a folder."""

    def __init__(self, path: str, first: str, second: str) -> None:
        super().__init__(
            f"“{first}” and “{second}” would both make {path}: each artifact has one task that makes it.", "produces"
        )


class Circle(EditRefused):
    """Tasks would wait for each other."""

    def __init__(self, steps: Sequence[tuple[str, str, str]]) -> None:
        """``steps``: (title of who waits, title of whom it waits for, the artifact or nothing)."""
        words = ", ".join(
            f"“{waits}” needs {artifact} of “{other}”" if artifact else f"“{waits}” comes after “{other}”"
            for waits, other, artifact in steps
        )
        super().__init__(f"The tasks would wait for each other in a circle: {words}.", "after")


class Backwards(EditRefused):
    """A task would wait for a later phase, which its gate never lets begin."""

    def __init__(self, waits: str, other: str, earlier: int, later: int, artifact: str) -> None:
        need = f"needs {artifact} of" if artifact else "comes after"
        super().__init__(
            f"“{waits}” in phase {earlier} {need} “{other}” in phase {later}: a phase can't wait for a later one, its "
            "gate stands between them.",
            "phase",
        )


class NotWithoutReason(EditRefused):
    """The edge carries an artifact, so it can't be taken out by itself."""

    def __init__(self, before: str, after: str, artifact: str) -> None:
        super().__init__(
            f"“{after}” needs {artifact} of “{before}”, so it comes after it. Take that input from “{after}” instead."
        )


class NothingToDo(EditRefused):
    """The plan is like that already."""
