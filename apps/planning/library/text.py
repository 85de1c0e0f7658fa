"""From untrusted text to plain values: YAML's safe subset, with limits on size, depth and what aliases grow to.

The text may hold several documents (``---``), which are merged: the library that ships is one file after another.
Each mapping remembers the line it began on and the lines of its keys, so that a problem can name its place.
"""

from typing import Any

import yaml

from apps.planning.library.reader import Problem, kind_of

LONGEST = 1_000_000  # characters
DEEPEST = 30
MOST_VALUES = 200_000  # once every alias is written out
MOST_DOCUMENTS = 50


class Marked(dict[Any, Any]):
    """A mapping with the line it began on, and the line of each key (both from 1; 0: unknown)."""

    line: int = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: dict[Any, int] = {}


class TooMuch(ValueError):
    """The text is YAML, and goes beyond a limit."""

    def __init__(self, words: str, line: int) -> None:
        super().__init__(words)
        self.line = line


class _Loader(yaml.SafeLoader):
    """YAML's safe subset, where a key that stands twice in a mapping is an error rather than the last one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                raise yaml.MarkedYAMLError(problem="a key must be a word", problem_mark=key_node.start_mark)
            if key != "<<" and key in seen and key_node.start_mark.line >= node.start_mark.line:
                raise yaml.MarkedYAMLError(problem=f"'{key}' stands twice", problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)

    def marked_map(self, node: yaml.MappingNode) -> Any:
        data = Marked()
        data.line = node.start_mark.line + 1
        yield data
        data.update(self.construct_mapping(node))
        for key_node, _ in node.value:  # a merge (<<) has been written out by now
            data.lines[self.construct_object(key_node)] = key_node.start_mark.line + 1


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.marked_map)


def documents(file: str, text: str, problems: list[Problem]) -> list[Any]:
    """Every document of a text. What is wrong is noted in ``problems``, and the answer is empty then."""
    if len(text) > LONGEST:
        problems.append(Problem(file, "", "", f"it is longer than {LONGEST} characters"))
        return []
    try:
        found = _read(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        words = " ".join(part for part in (error.context, error.problem) if part)
        problems.append(Problem(file, "", "", f"it is no YAML: {words}", mark.line + 1 if mark else 0))
        return []
    except TooMuch as error:
        problems.append(Problem(file, "", "", str(error), error.line))
        return []
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError) as error:
        problems.append(Problem(file, "", "", f"it is no YAML: {error}".replace("\n", " ")))
        return []
    bad = [data for data in found if not isinstance(data, dict)]
    if bad or not found:
        problems.append(Problem(file, "", "", f"a mapping is wanted, not {kind_of(bad[0] if bad else None)}", 1))
        return []
    return found


def _read(text: str) -> list[Any]:
    _look_at_depth(text)
    loader = _Loader(text)
    found: list[Any] = []
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is None:
                break
            _look_at_size(node)
            found.append(loader.construct_document(node))
    finally:
        loader.dispose()
    return [data for data in found if data is not None]


def _line(place: yaml.Node | yaml.Event) -> int:
    return place.start_mark.line + 1 if place.start_mark else 0


def _look_at_depth(text: str) -> None:
    """Before anything recursive touches it: nesting and the number of documents."""
    depth = parts = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise TooMuch(f"it is nested deeper than {DEEPEST}", _line(event))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            parts += 1
            if parts > MOST_DOCUMENTS:
                raise TooMuch(f"it has more than {MOST_DOCUMENTS} parts", _line(event))


def _look_at_size(root: yaml.Node) -> None:
    """Refuses aliases that refer to themselves, and those that grow beyond all measure when they are written out."""
    sizes: dict[int, int] = {}
    open_ones: set[int] = set()

    def size(node: yaml.Node, depth: int) -> int:
        if id(node) in open_ones:
            raise TooMuch("an alias refers to what it stands in", _line(node))
        if id(node) in sizes:
            return sizes[id(node)]
        if depth > 4 * DEEPEST:
            raise TooMuch("aliases are nested too deep", _line(node))
        inner: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            inner = [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            inner = list(node.value)
        open_ones.add(id(node))
        total = 1 + sum(size(part, depth + 1) for part in inner)
        open_ones.discard(id(node))
        if total > MOST_VALUES:
            raise TooMuch(f"its aliases grow to more than {MOST_VALUES} values", _line(node))
        sizes[id(node)] = total
        return total

    size(root, 1)
