"""Tests of the assembled software: each feature the way it will be used, over HTTP, the command line or as a
function.
"""

from apps.agents.crew import naming
from apps.agents.crew.domain import COMMAND_KINDS, Domain, Feature
from apps.agents.crew.feature_tests import one, only_other, other
from apps.agents.crew.pyliteral import doc, fill, literal

# @CALL@(given) gives (done, answer). `first` and `second` are two records that are kept.
USES = {
    "create": """        done, answer = @CALL@(ONE)
        self.assertTrue(done, answer)
        self.assertEqual({name: answer[name] for name in ONE}, ONE)
        self.assertEqual(self.kept(ENTITY)[-1], answer)""",
    "list": """        done, answer = @CALL@({})
        self.assertTrue(done, answer)
        self.assertEqual(answer["items"], [first, second])""",
    "show": """        self.assertEqual(@CALL@({"id": second["id"]}), (True, second))
        self.assertFalse(@CALL@({"id": 999})[0])""",
    "search": """        self.assertEqual(@CALL@({"q": ONLY_OTHER.upper()})[1]["items"], [second])
        self.assertFalse(@CALL@({"q": " "})[0])""",
    "update": """        done, answer = @CALL@({"id": first["id"], FIRST: OTHER[FIRST]})
        self.assertEqual((done, answer), (True, {**first, FIRST: OTHER[FIRST]}))
        self.assertEqual(self.kept(ENTITY), [answer, second])""",
    "delete": """        self.assertEqual(@CALL@({"id": first["id"]}), (True, {"deleted": first["id"]}))
        self.assertEqual(self.kept(ENTITY), [second])""",
    "count": """        self.assertEqual(@CALL@({}), (True, {"count": 2}))""",
    "total": """        self.assertEqual(@CALL@({})[1]["count"], 2)""",
    "sort": """        records = sorted([first, second], key=lambda record: record[FIRST])
        self.assertEqual(@CALL@({"by": FIRST})[1]["items"], records)""",
    "export": """        self.assertEqual(json.loads(@CALL@({"format": "json"})[1]["text"]), [first, second])""",
    "import": """        text = f"{FIRST}\\n{OTHER[FIRST]}\\n"
        self.assertEqual(@CALL@({"text": text}), (True, {"imported": 1}))
        self.assertEqual(self.kept(ENTITY)[-1][FIRST], OTHER[FIRST])""",
    "mark": """        self.assertEqual(@CALL@({"id": first["id"]}), (True, {**first, "state": STATE}))
        self.assertEqual(self.kept(ENTITY)[0]["state"], STATE)""",
    "label": """        @CALL@({"id": first["id"], "label": "urgent"})
        self.assertEqual([record["state"] for record in self.kept(ENTITY)], ["urgent", ""])""",
}
UNBUILT = """        done, answer = @CALL@({})
        self.assertFalse(done)
        self.assertIn("not built", str(answer))"""


def way_of(domain: Domain) -> str:
    if domain.is_service:
        return "http"
    return "cli" if domain.kind in COMMAND_KINDS else "library"


def call_of(domain: Domain, feature: Feature) -> str:
    way = way_of(domain)
    if way == "http":
        return f"self.call({feature.method!r}, {feature.path!r}, "
    name = naming.slug(feature.slug) if way == "cli" else naming.identifier(feature.module)
    return f"self.call({name!r}, "


def use_test(domain: Domain, feature: Feature, name: str) -> str:
    """One test method that uses the feature as its users do."""
    lines = [f"    def {name}(self):", f'        """{doc(feature.title)}."""']
    body = UNBUILT
    if feature.built and feature.entity:
        body = USES[feature.operation]
        lines += _values(feature, body)
        if "first" in body or "second" in body:
            lines.append("        first, second = self.keep(ENTITY, ONE), self.keep(ENTITY, OTHER)")
        elif feature.operation == "count" or feature.operation == "total":
            lines += ["        self.keep(ENTITY, ONE)", "        self.keep(ENTITY, OTHER)"]
    call = call_of(domain, feature)
    return "\n".join([*lines, body.replace("@CALL@(", call)]) + "\n"


def _values(feature: Feature, body: str) -> list[str]:
    assert feature.entity
    entity = feature.entity
    needs_records = "first" in body or feature.operation in {"count", "total"} or "second" in body
    lines = [f"        ENTITY = {entity.slug!r}"]
    if "ONE" in body.replace("ONLY_OTHER", "") or needs_records:
        lines.append(f"        ONE = {literal(one(entity))}")
    if "OTHER" in body.replace("ONLY_OTHER", "") or needs_records:
        lines.append(f"        OTHER = {literal(other(entity))}")
    if "FIRST" in body:
        lines.append(f"        FIRST = {entity.fields[0].name!r}")
    if "ONLY_OTHER" in body:
        lines.append(f"        ONLY_OTHER = {only_other(entity.fields[0])!r}")
    if "STATE" in body:
        lines.append(f"        STATE = {naming.one_line(feature.state, 60)!r}")
    return lines


def assembled_code(domain: Domain, structure: str, *, title: str, class_name: str, methods: str) -> str:
    """A whole test file for the assembled software."""
    way = way_of(domain)
    things = (
        "from service.events import things_of"
        if structure == "event-log"
        else "from service.store import Things as things_of"
    )
    return fill(f"test_{way}", TITLE=doc(title), CLASS=class_name, THINGS=things, METHODS=methods)


def feature_methods(domain: Domain) -> str:
    taken: set[str] = set()
    methods = []
    for feature in domain.features:
        name = naming.unique(f"test_{naming.identifier(feature.module)}", taken)
        methods.append(use_test(domain, feature, name))
    return "\n".join(methods)
