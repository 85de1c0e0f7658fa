"""The tests of one feature: over its store, and over HTTP or the command line once everything is assembled."""

from apps.agents.crew import naming
from apps.agents.crew.domain import Entity, Feature, Field
from apps.agents.crew.features import import_code, things_of
from apps.agents.crew.pyliteral import doc, literal

HEAD = '''"""Tests of: @TITLE@. It is asked for by sentence @SENTENCE@ of the brief."""

@STANDARD@

@OURS@

@CONSTANTS@


class FeatureTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.store = open_store(str(Path(folder.name) / "data"))
        self.addCleanup(self.store.close)
'''
UNBUILT = """
    def test_it_says_that_it_is_not_built(self):
        with self.assertRaises(NotBuilt):
            feature.run(self.store, {})
"""
FOOT = """

if __name__ == "__main__":
    unittest.main()
"""

# What makes `test_it_works` true, by operation. `self.one` and `self.other` are two records that are kept.
WORKS = {
    "create": """        record = feature.run(self.store, dict(ONE))
        self.assertEqual({name: record[name] for name in ONE}, ONE)
        self.assertEqual(self.things.get(record["id"]), record)
        self.assertEqual(self.things.count(), 3)""",
    "list": """        answer = feature.run(self.store, {})
        self.assertEqual(answer, {"items": [self.one, self.other], "total": 2})
        self.assertEqual(feature.run(self.store, {"limit": "1", "offset": "1"})["items"], [self.other])""",
    "show": """        self.assertEqual(feature.run(self.store, {"id": self.one["id"]}), self.one)
        self.assertEqual(feature.run(self.store, {"id": str(self.other["id"])}), self.other)""",
    "search": """        self.assertEqual(feature.run(self.store, {"q": ONLY_OTHER.upper()})["items"], [self.other])
        self.assertEqual(feature.run(self.store, {"q": "stands nowhere"}), {"items": [], "total": 0})""",
    "update": """        record = feature.run(self.store, {"id": self.one["id"], FIRST: OTHER[FIRST]})
        self.assertEqual(record, {**self.one, FIRST: OTHER[FIRST]})
        self.assertEqual(self.things.get(self.one["id"]), record)
        self.assertEqual(self.things.get(self.other["id"]), self.other)""",
    "delete": """        self.assertEqual(feature.run(self.store, {"id": self.one["id"]}), {"deleted": self.one["id"]})
        self.assertEqual(self.things.every(), [self.other])
        with self.assertRaises(Missing):
            feature.run(self.store, {"id": self.one["id"]})""",
    "count": """        self.assertEqual(feature.run(self.store, {}), {"count": 2})""",
    "total": """        answer = feature.run(self.store, {})
        self.assertEqual(answer["count"], 2)
        self.assertEqual(answer["sums"], SUMS)""",
    "sort": """        answer = feature.run(self.store, {"by": FIRST})
        self.assertEqual(answer["items"], sorted([self.one, self.other], key=lambda record: record[FIRST]))
        self.assertEqual(answer["total"], 2)""",
    "export": """        answer = feature.run(self.store, {"format": "csv"})
        lines = list(csv.DictReader(io.StringIO(answer["text"])))
        self.assertEqual([line[FIRST] for line in lines], [str(ONE[FIRST]), str(OTHER[FIRST])])
        self.assertEqual(json.loads(feature.run(self.store, {"format": "json"})["text"]), [self.one, self.other])""",
    "import": """        out = io.StringIO()
        writer = csv.DictWriter(out, list(ONE))
        writer.writeheader()
        writer.writerows([ONE, OTHER])
        self.assertEqual(feature.run(self.store, {"text": out.getvalue()}), {"imported": 2})
        self.assertEqual([record[FIRST] for record in self.things.every()[2:]], [ONE[FIRST], OTHER[FIRST]])""",
    "mark": """        record = feature.run(self.store, {"id": self.one["id"]})
        self.assertEqual(record["state"], STATE)
        self.assertEqual(self.things.get(self.one["id"])["state"], STATE)
        self.assertEqual(self.things.get(self.other["id"])["state"], "")""",
    "label": """        feature.run(self.store, {"id": self.one["id"], "label": "urgent"})
        self.assertEqual(self.things.get(self.one["id"])["state"], "urgent")
        self.assertEqual(self.things.get(self.other["id"])["state"], "")""",
}
REFUSES = {
    "create": ("Invalid", "{FIRST: ' '}"),
    "list": ("Invalid", '{"limit": "many"}'),
    "show": ("Missing", '{"id": 999}'),
    "search": ("Invalid", '{"q": " "}'),
    "update": ("Missing", '{"id": 999}'),
    "delete": ("Invalid", '{"id": "first"}'),
    "sort": ("Invalid", '{"by": "no such field"}'),
    "export": ("Invalid", '{"format": "paper"}'),
    "import": ("Invalid", '{"text": "no_such_field\\n1\\n"}'),
    "mark": ("Missing", '{"id": 999}'),
    "label": ("Invalid", '{"id": 1, "label": ""}'),
}


def test_code(feature: Feature, structure: str) -> str:
    works = WORKS.get(feature.operation, "")
    refusal = REFUSES.get(feature.operation)
    body = UNBUILT
    if feature.built and feature.entity:
        body = _setup() + f"\n    def test_it_works(self):\n{works}\n"
        if refusal:
            error, given = refusal
            body += f"\n    def test_it_refuses_what_it_cannot_use(self):\n        with self.assertRaises({error}):\n"
            body += f"            feature.run(self.store, {given})\n"
            body += "        self.assertEqual(self.things.every(), [self.one, self.other])\n"
    return _head(feature, structure, body) + body + FOOT


def _setup() -> str:
    return (
        "        self.things = things(self.store)\n        self.one = self.things.create(ONE)\n"
        "        self.other = self.things.create(OTHER)\n"
    )


def _head(feature: Feature, structure: str, body: str) -> str:
    standard = ["import csv"] * ("csv." in body) + ["import io"] * ("io." in body) + ["import json"] * ("json." in body)
    standard += ["import tempfile", "import unittest"]
    ours: list[str] = []
    late: list[str] = []
    constants: list[str] = []
    lines = [import_code("service.features", feature.module, "feature")]
    names = [name for name in ("Invalid", "Missing", "NotBuilt") if name in body]
    maker = ""
    if feature.built and feature.entity:
        source, expression = things_of(structure, feature.entity)
        lines += [source] if source else []
        names += ["Things"] if "Things(" in expression else []
        maker = f"\n\n\ndef things(store):\n    return {expression}"
        constants = _constants(feature, feature.entity, body + expression)
    for line in lines:
        (late if "import_module" in line else ours).append(line)
    ours.append(f"from service.store import {', '.join([*names, 'open_store'])}")
    standard += (["from importlib import import_module"] if late else []) + ["from pathlib import Path"]
    joined = "\n".join(constants) + maker
    if not joined:
        joined = f"TITLE = {doc(feature.title)!r}"
    return (
        HEAD.replace("@TITLE@", doc(feature.title))
        .replace("@SENTENCE@", str(feature.sentence))
        .replace("@STANDARD@", "\n".join(standard))
        .replace("@OURS@", "\n".join(sorted(ours)) + ("\n\n" + "\n".join(late) if late else ""))
        .replace("@CONSTANTS@", joined)
    )


def _constants(feature: Feature, entity: Entity, code: str) -> list[str]:
    first = entity.fields[0]
    found = [f"ONE = {literal(one(entity))}", f"OTHER = {literal(other(entity))}"]
    if "FIRST" in code:
        found.append(f"FIRST = {first.name!r}")
    if "ENTITY" in code:
        found.append(f"ENTITY = {entity.slug!r}")
    if "ONLY_OTHER" in code:
        found.append(f"ONLY_OTHER = {only_other(first)!r}")
    if "SUMS" in code:
        found.append(f"SUMS = {literal({field.name: 18 for field in entity.fields if field.kind == 'number'})}")
    if "STATE" in code:
        found.append(f"STATE = {naming.one_line(feature.state, 60)!r}")
    return found


def one(entity: Entity) -> dict[str, str | int]:
    return {field.name: field.sample for field in entity.fields}


def other(entity: Entity) -> dict[str, str | int]:
    return {field.name: field.other for field in entity.fields}


def only_other(field: Field) -> str:
    """Words that stand in the second record only."""
    return str(field.other)
