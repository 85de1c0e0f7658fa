"""The documents and programs of a migration, one task each."""

from typing import Any

from apps.agents.crew import naming
from apps.agents.crew.backend import run_tests
from apps.agents.crew.domain import Entity
from apps.agents.crew.markdown import bullets, counted, document, safe, table
from apps.agents.crew.migration.rules import key_of, merges, moved, references, rewrites_dates, rule_of
from apps.agents.crew.pyliteral import doc, fill, literal
from apps.agents.crew.work import CannotDo, Work

PLAN, STEPS = "migration/plan.py", "migration/steps"


def inventory(work: Work) -> str:
    """What the brief says that the old system has, and what somebody has to look up in it."""
    domain = work.domain
    things = [_thing(work, entity) for entity in domain.entities]
    open_points = [
        "How many rows each table has: count them before and after, `--dry-run` prints both.",
        *(
            f"Whether '{entity.name}' has further columns: the brief names none."
            for entity in domain.entities
            if entity.assumed
        ),
        *(
            f"What holds the number of a {entity.name}: no field of the brief does."
            for entity in domain.entities
            if not key_of(entity)
        ),
        "In which form the old system gives its rows: assumed are CSV files, one for each table, or a SQLite file.",
    ]
    work.write_json(
        work.produces(".json", "migration/inventory.json"), {"things": things, "open": open_points, "looked_at": False}
    )
    rows = [(t["name"], t["table"], ", ".join(t["columns"]), t["key"] or "none", t["sentence"]) for t in things]
    work.write(
        work.produces(".md", "migration/inventory.md"),
        document(
            f"Inventory of the old system: {domain.title}",
            ("What it keeps", table(["Thing", "Table", "Columns", "Number", "Sentence"], rows)),
            ("To be looked up in the old system", bullets(open_points)),
            ("What the brief says about it", bullets(_about(work))),
            lead="Assumption: everything here is from the brief. The old system itself was not reached.",
        ),
    )
    work.claim(f"{counted(len(things), 'thing')} of the old system are listed from the brief; nobody looked into it.")
    return f"{counted(len(things), 'thing')} of the old system, {counted(len(open_points), 'point')} to look up."


def _thing(work: Work, entity: Entity) -> dict[str, Any]:
    return {
        "slug": entity.slug,
        "name": entity.name,
        "table": naming.identifier(entity.module),
        "columns": [field.title for field in entity.fields],
        "key": key_of(entity),
        "refers_to": references(work.domain, entity),
        "sentence": entity.sentence,
        "assumed": entity.assumed,
    }


def _about(work: Work) -> list[str]:
    words = ("old", "existing", "current", "legacy", "today", "alt", "ancien", "antiguo")
    found = [
        f"{item.get('text')} (sentence {item.get('number')})"
        for item in work.listed("sentences")
        if set(naming.plain(str(item.get("text"))).split()) & set(words)
    ]
    return found[:20]


def entity_plan(work: Work, entity: Entity) -> dict[str, Any]:
    """What the script is told of one entity. Its statements are fixed text: only values are ever put in."""
    name = naming.identifier(entity.module)
    columns = ", ".join(f'"{field.name}"' for field in entity.fields)
    marks = ", ".join("?" for _ in entity.fields)
    names = {key_of(entity), *references(work.domain, entity)}  # a number that names is text: 007 stays 007
    numeric = {field.name for field in entity.fields if field.kind == "number"} - names
    shape = ", ".join(f'"{field.name}" {"NUMERIC" if field.name in numeric else "TEXT"}' for field in entity.fields)
    return {
        "entity": entity.slug,
        "table": name,
        "columns": {field.name: {"from": field.title, "kind": field.kind} for field in entity.fields},
        "key": key_of(entity),
        "refers_to": references(work.domain, entity),
        "merge": entity.slug in merges(work.domain),
        "iso_dates": rewrites_dates(work.domain),
        "create": f'CREATE TABLE IF NOT EXISTS "{name}" ({shape})',
        "insert": f'INSERT INTO "{name}" ({columns}) VALUES ({marks})',
        "select": f'SELECT {columns} FROM "{name}"',
        "read_old": f'SELECT * FROM "{name}"',
    }


def mapping(work: Work) -> str:
    """contract/mapping.json: which field of the old system becomes which of the new one, and by what rule."""
    entities = []
    for entity in moved(work.domain):
        plan = entity_plan(work, entity)
        entities.append({name: plan[name] for name in ("entity", "table", "columns", "key", "refers_to", "merge")})
    rules = []
    for feature in work.domain.features:
        rule = rule_of(work.domain, feature)
        rules.append({"feature": feature.slug, "rule": rule.kind or "not built", "why": rule.reason or rule.meaning})
    work.write_json(work.produces(".json", "contract/mapping.json"), {"entities": entities, "rules": rules})
    rows = [
        (plan["entity"], column["from"], name, column["kind"], _rule(plan, name, column["kind"], work))
        for plan in entities
        for name, column in plan["columns"].items()
    ]
    work.write(
        work.produces(".md", "migration/mapping.md"),
        document(
            f"Mapping: {work.domain.title}",
            ("Field by field", table(["Thing", "Old column", "New column", "Kind", "Rule"], rows)),
            (
                "What is asked of the migration",
                table(["Feature", "Rule", "Meaning"], [tuple(r.values()) for r in rules]),
            ),
            lead="Assumption: a column of the old system is called as the brief calls it; capitals and hyphens don't "
            "matter.",
        ),
    )
    work.claim(f"{counted(len(rows), 'field')} of {counted(len(entities), 'thing')} are mapped.")
    return f"{counted(len(rows), 'field')} are mapped."


def _rule(plan: dict[str, Any], name: str, kind: str, work: Work) -> str:
    if name == plan["key"]:
        return "must be there, and only once; kept as it is written"
    if name in plan["refers_to"]:
        return f"must be the number of a {plan['refers_to'][name]} that is moved"
    if kind == "date":
        return "becomes YYYY-MM-DD" if rewrites_dates(work.domain) else "must be a date; kept as it is written"
    return "must be a number" if kind == "number" else "blanks at both ends are dropped"


def engine(work: Work) -> str:
    """The script's heart: reads the old system, converts, and writes the new one in one transaction."""
    work.write("migration/__init__.py", f'"""{doc(work.domain.title)}: the move from the old system to the new one."""')
    work.write(work.produces("engine.py", "migration/engine.py"), fill("migration_engine"))
    if any(path.endswith("plan.py") for path in work.packet.produces):
        plans = [entity_plan(work, entity) for entity in moved(work.domain)]
        head = '"""What is moved, thing by thing, in the order in which they refer to each other."""'
        work.write(PLAN, f"{head}\n\nENTITIES = {literal(plans)}\n")
    compile(work.text("migration/engine.py"), "engine.py", "exec")
    work.claim("The engine reads CSV files or a SQLite file, and never writes to the old system.")
    return "The engine of the migration."


def step(work: Work) -> str:
    """One entity's part in a file of its own, with its test."""
    entity = work.domain.entity(str(work.packet.parameters.get("entity") or ""))
    plan = entity_plan(work, entity)
    work.write(f"{STEPS}/{entity.module}.py", f'"""How {doc(entity.name)} is moved."""\n\nPLAN = {literal(plan)}\n')
    test = f"tests/test_step_{entity.module}.py"
    work.write(
        test, fill("migration_step_test", MODULE=repr(f"migration.steps.{entity.module}"), NAME=doc(entity.name))
    )
    _must_pass(work, test)
    return f"The step that moves {entity.name}, tested."


def verification(work: Work) -> str:
    """Counts and checksums of both systems, taken apart from the run that moved them."""
    work.write(work.produces("verify.py", "migration/verify.py"), fill("migration_verify"))
    compile(work.text("migration/verify.py"), "verify.py", "exec")
    work.claim("Verification reads both systems again: it does not believe the report of the run.")
    return "Verification by counts and checksums."


def back(work: Work) -> str:
    work.write(work.produces("rollback.py", "migration/rollback.py"), fill("migration_rollback"))
    compile(work.text("migration/rollback.py"), "rollback.py", "exec")
    work.claim("Going back refuses to throw away what was written after the migration, unless it is forced.")
    return "The way back."


def comparison(work: Work) -> str:
    """For running both systems side by side: what they disagree on, record by record."""
    work.write(work.produces("compare.py", "migration/compare.py"), fill("migration_compare"))
    compile(work.text("migration/compare.py"), "compare.py", "exec")
    return "The comparison of two systems that run side by side."


def assembly(work: Work) -> str:
    """The command, and tests that move, verify, spoil, go back."""
    steps = [f"{STEPS}/{entity.module}.py" for entity in moved(work.domain)]
    if not work.has(PLAN):
        missing = [name for name in steps if not work.has(name)]
        if missing:
            raise CannotDo(f"{', '.join(missing)} is missing, so the migration cannot be put together.")
        modules = [f"migration.steps.{entity.module}" for entity in moved(work.domain)]
        work.write(PLAN, fill("migration_plan", MODULES=literal(modules)))
    work.write(
        work.produces("migrate.py", "migration/migrate.py"),
        fill("migration_command", TITLE=repr(doc(work.domain.title))),
    )
    test = work.produces("test_migrate.py", "tests/test_migrate.py")
    more = fill("migration_compare_test") if work.has("migration/compare.py") else ""
    work.write(test, fill("migration_test", TITLE=doc(work.domain.title), SAMPLE=fill("migration_sample"), MORE=more))
    work.write("docs/not-built.md", not_moved(work))
    work.progress(60, "running every test")
    ran = run_tests(work)
    if not ran["ok"]:
        raise CannotDo(f"The tests of the migration do not pass: {ran['output'][-700:]}")
    work.claim(f"All {ran['tests']} tests pass: dry run, run, verification, a spoilt target, the way back.")
    return f"The migration is put together; {ran['tests']} tests pass."


def not_moved(work: Work) -> str:
    missing = []
    for feature in work.domain.features:
        rule = rule_of(work.domain, feature)
        if not rule.kind:
            missing.append(f"{feature.title} (sentence {feature.sentence}): {rule.reason}.")
    return document(
        f"Not built: {safe(work.domain.title)}",
        ("Wishes that the migration does not fulfil", bullets(missing)),
        lead="The requirements that belong to these stay manual: a person decides at QG-PHASE6.",
    )


def _must_pass(work: Work, test: str) -> None:
    ran = run_tests(work, test)
    if not ran["ok"]:
        raise CannotDo(f"{test} does not pass: {ran['output'][-600:]}")
    work.claim(f"{test} passes ({counted(ran['tests'], 'test')} ran).")
