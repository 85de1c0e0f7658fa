"""The parts of the service, one task each: the store, an entity, the event log, a feature with its tests."""

from typing import Any

from apps.agents.crew.domain import Domain, Entity, Feature
from apps.agents.crew.feature_tests import one, other, test_code
from apps.agents.crew.features import feature_code
from apps.agents.crew.markdown import counted, listed
from apps.agents.crew.naming import class_name
from apps.agents.crew.pyliteral import doc, fill, literal
from apps.agents.crew.work import CannotDo, Work

EVENTS = "service/events.py"
STORES = {
    "sqlite": ("one SQLite file", "import json\nimport sqlite3\nimport threading\nfrom datetime import date"),
    "files": (
        "a folder with one JSON file for each record",
        "import json\nimport threading\nfrom datetime import date\nfrom pathlib import Path",
    ),
    "memory": (
        "memory, with a snapshot in one JSON file",
        "import json\nimport threading\nfrom datetime import date\nfrom pathlib import Path",
    ),
}


def storage_of(work: Work) -> str:
    value = str(work.packet.choices.get("storage") or "sqlite")
    return next((name for name in STORES if name in value), "sqlite")


def structure_of(work: Work) -> str:
    value = str(work.packet.choices.get("structure") or "")
    if value in {"layered", "event-log", "contract-first"}:
        return value
    # The packet does not say; the tree shows which parts there are.
    return (
        "event-log"
        if work.has("service/events.py")
        else "layered"
        if work.files("service/entities/*.py")
        else "contract-first"
    )


def foundation(work: Work) -> str:
    storage = storage_of(work)
    how, imports = STORES[storage]
    entities = {entity.slug: {field.name: field.kind for field in entity.fields} for entity in work.domain.entities}
    store = fill("store_common", HOW=how, IMPORTS=imports, ENTITIES=literal(entities), STORE=fill(f"store_{storage}"))
    work.write(work.produces("store.py", "service/store.py"), store)
    work.write(work.produces("__init__.py", "service/__init__.py"), f'"""{doc(work.domain.title)}."""')
    _must_compile(work, "service/store.py")
    work.claim(f"The store keeps {counted(len(entities), 'kind')} of things in {how}.")
    return f"A store in {how}."


def entity(work: Work) -> str:
    found = work.domain.entity(str(work.packet.parameters.get("entity") or ""))
    module = f"service/entities/{found.module}.py"
    work.write(
        module, fill("entity", NAME=doc(found.name), ENTITY=repr(found.slug), CLASS=f"All{class_name(found.module)}")
    )
    test = f"tests/test_entity_{found.module}.py"
    work.write(
        test,
        fill(
            "test_entity",
            NAME=doc(found.name),
            MODULE=repr(f"service.entities.{found.module}"),
            ONE=literal(one(found)),
            OTHER=literal(other(found)),
            FIRST=repr(found.fields[0].name),
        ),
    )
    _must_pass(work, test)
    return f"'{doc(found.name)}' with {counted(len(found.fields), 'field')}, tested."


def event_log(work: Work) -> str:
    found = _first_entity(work.domain)
    work.write(work.produces("events.py", "service/events.py"), fill("events"))
    test = "tests/test_events.py"
    work.write(test, fill("test_events", ENTITY=repr(found.slug), ONE=literal(one(found))))
    _must_pass(work, test)
    return "A log of events from which the state is replayed, tested."


def _first_entity(domain: Domain) -> Entity:
    if not domain.entities:
        raise CannotDo("There is no thing that is kept, so there is nothing to log.")
    return domain.entities[0]


def feature(work: Work) -> str:
    found = work.domain.feature(str(work.packet.parameters.get("feature") or ""))
    write_feature(work, found)
    if not found.built:
        work.claim(f"'{found.title}' is not built: {found.reason}.")
        return f"'{found.title}' is not built: {found.reason}. The service says so when it is asked."
    if found.open_words:
        work.claim(f"Of '{found.title}', what {listed([repr(w) for w in found.open_words])} would add is not built.")
    return f"'{found.title}' {found.meaning}; its tests pass."


def write_feature(work: Work, found: Feature) -> None:
    structure = guaranteed(work, found, structure_of(work))
    work.write(f"service/features/{found.module}.py", feature_code(found, structure))
    test = f"tests/test_{found.module}.py"
    work.write(test, test_code(found, structure))
    _must_pass(work, test)


def guaranteed(work: Work, found: Feature, structure: str) -> str:
    """The structure as far as this task can count on it: what is imported must be an input that the plan promises.

    A task may run before others that are not among its inputs, so a file that merely happens to be in the tree does
    not count; the assembly comes after all of them. Without its part a feature uses the store directly.
    """
    parts = {"layered": f"service/entities/{found.entity.module}.py" if found.entity else "", "event-log": EVENTS}
    part = parts.get(structure, "")
    is_last = work.packet.capability == "backend.assembly"
    return structure if part in work.packet.consumes or (is_last and part and work.has(part)) else "direct"


def _must_compile(work: Work, name: str) -> None:
    try:
        compile(work.text(name), name, "exec")
    except SyntaxError as error:
        raise CannotDo(f"{name} is not valid Python: {error}.") from error


def _must_pass(work: Work, test: str) -> None:
    ran = run_tests(work, test)
    if not ran["ok"]:
        raise CannotDo(f"{test} does not pass: {ran['output'][-600:]}")
    work.claim(f"{test} passes ({counted(ran['tests'], 'test')} ran).")


def run_tests(work: Work, test: str = "", *, cwd: Any = None, seconds: int = 90) -> dict[str, Any]:
    """Runs one test file, or all, in a process of its own: {"ok", "tests", "output"}."""
    pattern = test.rpartition("/")[2] if test else "test_*.py"
    ran = work.python(["-m", "unittest", "discover", "-s", "tests", "-p", pattern], cwd=cwd, seconds=seconds)
    count = 0
    for line in ran.output.splitlines():
        if line.startswith("Ran ") and len(line.split()) > 1 and line.split()[1].isdigit():
            count = int(line.split()[1])
    return {"ok": ran.ok and count > 0, "tests": count, "output": ran.output}
