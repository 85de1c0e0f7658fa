"""The shape of the library's files: from YAML to the engine's types."""

import re
from typing import Any

from apps.engine.conditions import COUNTED, OPERATIONS, Condition, may_cease
from apps.engine.facts import CONSTRAINT_KINDS, KINDS
from apps.engine.methods import EACH, PHASES, Compound, Estimate, Fit, Method, Primitive, Step
from apps.planning.library.reader import Reader, kind_of

NAME = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")
CAPABILITY = re.compile(r"^[a-z]+(?:\.[a-z]+(?:-[a-z]+)*)+$")
PATH = re.compile(r"^[A-Za-z0-9_{][A-Za-z0-9_.{}-]*(?:/[A-Za-z0-9_{][A-Za-z0-9_.{}-]*)*$")
LONGEST_MINUTES = 60 * 24 * 30
NOTHING = Condition("all", ())


def read_compound(name: str, reader: Reader) -> Compound:
    """A compound task with its methods, whose names must differ."""
    _check_name(name, reader)
    title = reader.text("title")
    distinguishes = reader.flag("distinguishes")
    methods = []
    for index, item in enumerate(reader.items("methods"), start=1):
        label = item.get("name", f"number {index}") if isinstance(item, dict) else f"number {index}"
        methods.append(_method(reader.inside(item, f"method '{label}' of '{name}'")))
    if not methods:
        reader.note("methods", "at least one is wanted")
    names = [method.name for method in methods]
    for repeated in sorted({each for each in names if names.count(each) > 1}):
        reader.note("methods", f"two are called '{repeated}'")
    reader.done()
    return Compound(name, title, tuple(methods), distinguishes)


def _check_name(name: str, reader: Reader) -> None:
    if not NAME.match(name):
        reader.note("", f"the name '{name}' must be small letters, digits and hyphens")


def _method(reader: Reader) -> Method:
    name = reader.text("name")
    _check_name(name, reader)
    method = Method(
        name=name,
        title=reader.text("title", name),
        summary=reader.text("summary", ""),
        steps=tuple(_step(reader, item) for item in reader.items("steps")),
        when=tuple(read_condition(reader, "when", item) for item in reader.items("when")),
        chooses=reader.pairs("chooses"),
        uses=reader.texts("uses"),
        risk=reader.number("risk", 0.0, 0.0, 0.99),
        risks=reader.texts("risks"),
        assumptions=reader.texts("assumptions"),
        misfit=reader.number("misfit", 0.5, 0.0, 1.0),
        fits=tuple(_fit(reader, item) for item in reader.items("fits")),
    )
    _check_orders(method, reader)
    if not method.steps and not method.chooses and "steps" not in reader.data:
        reader.note("steps", "a list is wanted, even if it is empty")
    reader.done()
    return method


def _check_orders(method: Method, reader: Reader) -> None:
    """Preconditions that stay true, and ordering constraints that name what stands before."""
    for words in filter(None, (may_cease(condition) for condition in method.when)):
        reader.note("when", words)
    for number, step in enumerate(method.steps):
        for name in set(step.after) - {earlier.task for earlier in method.steps[:number]}:
            reader.note("steps", f"'{step.task}' comes after '{name}', which no step before it is")


def _step(reader: Reader, item: Any) -> Step:
    if isinstance(item, str):
        return Step(item)
    inner = reader.inside(item, f"{reader.place}, a step")
    step = Step(inner.text("task"), inner.text("for_each", ""), inner.texts("after"))
    if step.for_each and step.for_each not in EACH:
        inner.note("for_each", f"one of {', '.join(EACH)} is wanted, not '{step.for_each}'")
    inner.done()
    return step


def _fit(reader: Reader, item: Any) -> Fit:
    inner = reader.inside(item, f"{reader.place}, a fit")
    fit = Fit(
        when=read_condition(inner, "when", inner.raw("when")),
        by=inner.number("by", 0.0, -1.0, 1.0),
        because=inner.text("because"),
    )
    for op in _operations(fit.when) & {"chosen", "artifact"}:
        inner.note("when", f"'{op}' changes while a plan is made; a fit may look at the brief alone")
    inner.done()
    return fit


def _operations(condition: Condition) -> set[str]:
    """Every operation in a condition, however deep."""
    inner = condition.value if condition.op in ("any", "all") else (condition.value,) if condition.op == "not" else ()
    return {condition.op}.union(*(_operations(each) for each in inner))


def read_primitive(name: str, reader: Reader) -> Primitive:
    """A primitive task. Paths must stay inside the workspace."""
    _check_name(name, reader)
    primitive = Primitive(
        name=name,
        title=reader.text("title"),
        description=reader.text("description", ""),
        phase=int(reader.number("phase", 1, min(PHASES), max(PHASES))),
        capability=reader.text("capability"),
        consumes=_paths(reader, "consumes"),
        optional=_paths(reader, "optional"),
        produces=_paths(reader, "produces", required=True),
        parameters=reader.pairs("parameters"),
        estimate=_minutes(reader),
        acceptance=reader.texts("acceptance", required=True),
        risk=reader.number("risk", 0.1, 0.0, 0.99),
        cost=reader.number("cost", 0.0, 0.0, 1e9),
    )
    if not CAPABILITY.match(primitive.capability):
        reader.note("capability", f"'{primitive.capability}' must read like 'backend.feature'")
    if reader.data.get("phase") not in PHASES:
        reader.note("phase", "a whole number from 1 to 7 is wanted")
    reader.done()
    return primitive


def _paths(reader: Reader, field: str, *, required: bool = False) -> tuple[str, ...]:
    paths = reader.texts(field, required=required)
    for path in paths:
        if not PATH.match(path):
            reader.note(field, f"'{path}' is no path inside the workspace")
    return paths


def _minutes(reader: Reader) -> Estimate:
    value = reader.raw("minutes")
    numbers = (
        [v for v in value if isinstance(v, int | float) and not isinstance(v, bool)] if isinstance(value, list) else []
    )
    if len(numbers) == 3 and len(value) == 3 and 0 < numbers[0] <= numbers[1] <= numbers[2] <= LONGEST_MINUTES:
        return Estimate(float(numbers[0]), float(numbers[1]), float(numbers[2]))
    reader.note("minutes", f"[optimistic, likely, pessimistic] is wanted, each at least the one before, not {value!r}")
    return Estimate(1.0, 1.0, 1.0)


def read_condition(reader: Reader, field: str, data: Any) -> Condition:
    """A condition: a mapping with one key, which is one of the engine's operations."""
    if not isinstance(data, dict) or len(data) != 1:
        reader.note(field, f"a condition with one key is wanted, not {kind_of(data)}")
        return NOTHING
    op, value = next(iter(data.items()))
    if op not in OPERATIONS:
        reader.note(field, f"there is no condition '{op}'; there are {', '.join(sorted(OPERATIONS))}")
        return NOTHING
    if op == "not":
        return Condition("not", read_condition(reader, field, value))
    if op in ("any", "all"):
        inner = value if isinstance(value, list) else []
        if not inner:
            reader.note(field, f"'{op}' wants a list of conditions")
        return Condition(op, tuple(read_condition(reader, field, item) for item in inner))
    if op in COUNTED:
        return Condition(op, _bounds(reader, field, op, value))
    if op == "chosen":
        return Condition(op, _chosen(reader, field, value))
    return Condition(op, _word_list(reader, field, op, value))


def _bounds(reader: Reader, field: str, op: str, value: Any) -> tuple[int, int | None]:
    bounds = value if isinstance(value, dict) else {}
    numbers_only = all(isinstance(v, int) and not isinstance(v, bool) and v >= 0 for v in bounds.values())
    if not bounds or set(bounds) - {"at_least", "at_most"} or not numbers_only:
        reader.note(field, f"'{op}' wants at_least or at_most with a whole number")
        return 0, None
    return bounds.get("at_least", 0), bounds.get("at_most")


def _chosen(reader: Reader, field: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict) or not value:
        reader.note(field, "'chosen' wants choices with lists of values")
        return ()
    return tuple((str(name), _word_list(reader, field, f"chosen {name}", values)) for name, values in value.items())


def _word_list(reader: Reader, field: str, op: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        reader.note(field, f"'{op}' wants a list of texts, not {kind_of(value)}")
        return ()
    known = {"kind": KINDS, "constraint": CONSTRAINT_KINDS}.get(op)
    for item in value:
        if known and item not in known:
            reader.note(field, f"there is no {op} '{item}'; there are {', '.join(known)}")
    return tuple(value)
