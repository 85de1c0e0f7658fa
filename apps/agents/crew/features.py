"""The code of one feature and of its tests, out of what its operation does."""

import keyword
import re

from apps.agents.crew import naming
from apps.agents.crew.domain import Entity, Feature
from apps.agents.crew.pyliteral import doc, literal

BODIES = {
    "create": "    return things(store).create(given)",
    "list": """    limit, offset = number_of(given, "limit", 50), number_of(given, "offset", 0)
    if limit > MOST:
        raise Invalid("limit", f"limit may be {MOST}.")
    found = things(store)
    return {"items": found.every(limit, offset), "total": found.count()}""",
    "show": """    return things(store).get(number_of(given))""",
    "search": """    text = str(given.get("q", ""))
    if not text.strip():
        raise Invalid("q", "Words to look for must be given.")
    limit, offset = number_of(given, "limit", 50), number_of(given, "offset", 0)
    if limit > MOST:
        raise Invalid("limit", f"limit may be {MOST}.")
    items = things(store).search(text, limit, offset)
    return {"items": items, "total": len(items)}""",
    "update": """    values = {name: value for name, value in given.items() if name != "id"}
    return things(store).update(number_of(given), values)""",
    "delete": """    number = number_of(given)
    things(store).delete(number)
    return {"deleted": number}""",
    "count": """    return {"count": things(store).count()}""",
    "total": """    records = things(store).every()
    sums, means = {}, {}
    for name, kind in ENTITIES[ENTITY].items():
        numbers = [record[name] for record in records if kind == "number" and record[name] != ""]
        if numbers:
            sums[name], means[name] = sum(numbers), sum(numbers) / len(numbers)
    return {"count": len(records), "sums": sums, "means": means}""",
    "sort": """    by = str(given.get("by") or next(iter(ENTITIES[ENTITY])))
    if by not in ENTITIES[ENTITY]:
        raise Invalid("by", f"There is no field {by}.")
    records = sorted(things(store).every(), key=lambda record: (record[by] == "", str(type(record[by])), record[by]))
    limit, offset = number_of(given, "limit", 50), number_of(given, "offset", 0)
    return {"items": records[offset : offset + min(limit, MOST)], "total": len(records)}""",
    "export": """    wanted = given.get("format") or "csv"
    if wanted not in ("csv", "json"):
        raise Invalid("format", "format must be csv or json.")
    records = things(store).every()
    if wanted == "json":
        return {"format": wanted, "text": json.dumps(records, ensure_ascii=False)}
    out = io.StringIO()
    writer = csv.DictWriter(out, ["id", "state", *ENTITIES[ENTITY]], lineterminator="\\n")
    writer.writeheader()
    writer.writerows(records)
    return {"format": wanted, "text": out.getvalue()}""",
    "import": """    reader = csv.DictReader(io.StringIO(str(given.get("text", ""))))
    unknown = set(reader.fieldnames or ()) - set(ENTITIES[ENTITY]) - {"id", "state"}
    if unknown or not reader.fieldnames:
        raise Invalid("text", f"The heading line must name fields of {', '.join(ENTITIES[ENTITY])}.")
    rows = []
    for line, row in enumerate(reader, 2):
        try:
            rows.append(check(ENTITY, {name: row.get(name) or "" for name in ENTITIES[ENTITY]}))
        except Invalid as error:
            raise Invalid("text", f"Line {line}: {error}") from None
    found = things(store)
    for values in rows:
        found.create(values)
    return {"imported": len(rows)}""",
    "mark": """    return things(store).set_state(number_of(given), STATE)""",
    "label": """    label = str(given.get("label", "")).strip()
    if not label or len(label) > 100:
        raise Invalid("label", "A label of 1 to 100 characters must be given.")
    return things(store).set_state(number_of(given), label)""",
}
IMPORTS = ("Invalid", "MOST", "ENTITIES", "Things", "check", "number_of")
MODULES = ("csv", "io", "json")


def things_of(structure: str, entity: Entity) -> tuple[str, str]:
    """(import, expression) by which a feature comes to its things, as the structure of the approach has it."""
    if structure == "layered":
        return import_code("service.entities", entity.module, "entity"), "entity.of(store)"
    if structure == "event-log":
        return "from service.events import things_of", "things_of(store, ENTITY)"
    return "", "Things(store, ENTITY)"


def import_code(package: str, module: str, alias: str) -> str:
    """An import that works for every file name, also for one that is a keyword or begins with a digit."""
    if module.isidentifier() and not keyword.iskeyword(module):
        return f"from {package} import {module}" + ("" if module == alias else f" as {alias}")
    return f"{alias} = import_module({f'{package}.{module}'!r})"


def feature_code(feature: Feature, structure: str) -> str:
    command = naming.slug(feature.slug)
    head = [
        f'"""{doc(feature.title)}: it {doc(feature.meaning)}.',
        "",
        f"Asked for by sentence {feature.sentence} of the brief. That reading of the verb is an assumption."
        if feature.sentence
        else "Asked for by a person in answer to the first version.",
        '"""',
        "",
    ]
    facts = [
        f"SLUG = {feature.slug!r}",
        f"COMMAND = {command!r}",
        f"TITLE = {doc(feature.title)!r}",
        f"OPERATION = {feature.operation!r}",
        f"METHOD = {feature.method!r}",
        f"PATH = {feature.path!r}",
        f"STATUS = {201 if feature.operation == 'create' else 200}",
        f"SPARSE = {feature.operation == 'update'}  # an empty field of a form means: leave it as it is",
        f"INPUTS = {literal(_inputs(feature))}",
    ]
    if not feature.built or feature.entity is None:
        refusal = doc(f"{feature.title} is not built: {feature.reason}.")
        refuse = ["", "", "def run(store, given):", f"    raise NotBuilt({refusal!r})", ""]
        return "\n".join([*head, "from service.store import NotBuilt", "", *facts, *refuse])
    source, expression = things_of(structure, feature.entity)
    facts.append(f"ENTITY = {feature.entity.slug!r}")
    if feature.operation == "mark":
        facts.append(f"STATE = {naming.one_line(feature.state, 60)!r}")
    body = BODIES[feature.operation]
    things = f"def things(store):\n    return {expression}"
    run = f"def run(store, given):\n{body}\n"
    imports = _imports(f"{things}\n{body}", source)
    return "\n\n\n".join(["\n".join([*head, imports, *facts]), things, run])


def _imports(code: str, source: str) -> str:
    standard = [f"import {module}" for module in MODULES if f"{module}." in code]
    names = sorted((name for name in IMPORTS if re.search(rf"\b{name}\b", code)), key=str.lower)
    ours = [f"from service.store import {', '.join(names)}"] if names else []
    late = []
    if "import_module" in source:
        standard.append("from importlib import import_module")
        late = [source]
    elif source:
        ours.insert(0, source)
    groups = ["\n".join(group) for group in (standard, ours, late) if group]
    return "\n\n".join(groups) + "\n"


def _inputs(feature: Feature) -> tuple[tuple[str, str, bool], ...]:
    optional = {"update", "export", "sort"}
    return tuple(
        (field.name, doc(field.title), field.name == "id" or (at == 0 and feature.operation not in optional))
        for at, field in enumerate(feature.inputs)
    )
