"""Tests of the whole: the acceptance tests by requirement, and the real program started as its users start it."""

import html
from typing import Any

from apps.agents.crew import naming
from apps.agents.crew.assembled_tests import assembled_code, use_test, way_of
from apps.agents.crew.backend import run_tests, structure_of
from apps.agents.crew.consistency import consistency_tests
from apps.agents.crew.domain import Domain, Feature
from apps.agents.crew.markdown import safe
from apps.agents.crew.migration.proof import migration_tests
from apps.agents.crew.pyliteral import doc, fill, literal
from apps.agents.crew.work import CannotDo, Work

# What the tests of tables need beside those of texts.
IMPORTS = "import csv\nimport json\nfrom decimal import Decimal\n"


def acceptance(work: Work) -> str:
    domain = work.domain
    found = work.document("requirements/requirements.json").get("requirements", [])
    testable = [item for item in found if item.get("kind") == "testable" and item.get("feature")]
    methods = [
        use_test(domain, domain.feature(str(item["feature"])), f"test_requirement_{int(item['number'])}")
        for item in testable
    ]
    name = work.produces("test_acceptance.py", "tests/test_acceptance.py")
    title = f"Acceptance tests, one for each testable requirement: {domain.title}."
    body = "\n".join(methods) or "    def test_nothing_is_testable(self):\n        self.assertTrue(True)\n"
    work.write(name, assembled_code(domain, structure_of(work), title=title, class_name="AcceptanceTest", methods=body))
    ran = run_tests(work, name)
    report = {
        "passed": ran["ok"],
        "tests": ran["tests"],
        "requirements": [
            {"requirement": item["number"], "test": f"{name}::AcceptanceTest::test_requirement_{item['number']}"}
            for item in testable
        ],
        "output": ran["output"][-2000:],
    }
    work.write_json(work.produces("acceptance.json", "reports/acceptance.json"), report)
    if not ran["ok"]:
        raise CannotDo(f"Acceptance tests do not pass: {ran['output'][-600:]}")
    work.claim(f"{len(testable)} testable requirements are accepted by programs on the assembled software.")
    return f"{len(testable)} acceptance tests pass."


def tests(work: Work) -> str:
    domain = work.domain
    name = work.produces("test_end_to_end.py", "tests/test_end_to_end.py")
    work.write(name, _end_to_end(work))
    work.progress(40, "running every test")
    ran = run_tests(work)
    files = work.files("tests/test_*.py")
    results = [{"file": file, **_result(work, file)} for file in files]
    report = {
        "passed": ran["ok"] and all(result["passed"] for result in results),
        "tests": ran["tests"],
        "files": results,
        "output": ran["output"][-3000:],
        "command": "python -m unittest discover -s tests",
    }
    work.write_json(work.produces("integration.json", "reports/integration.json"), report)
    if not report["passed"]:
        failing = ", ".join(result["file"] for result in results if not result["passed"])
        raise CannotDo(f"Tests fail in {failing or 'the whole run'}: {ran['output'][-900:]}")
    work.claim(f"All {ran['tests']} tests in {len(files)} files pass, run together and file by file.")
    return f"{ran['tests']} tests of '{domain.title}' pass."


def _result(work: Work, file: str) -> dict[str, Any]:
    ran = run_tests(work, file)
    return {"passed": ran["ok"], "tests": ran["tests"]}


def _end_to_end(work: Work) -> str:
    domain = work.domain
    title = doc(f"The whole, as its users meet it: {domain.title}.")
    if domain.is_migration:
        return migration_tests(domain, title)
    if not domain.has_code:
        more = consistency_tests(domain.kind)
        return fill(
            "end_places",
            TITLE=title,
            DOCUMENT=repr(domain.document),
            METHODS=_place_methods(domain),
            MORE=more,
            IMPORTS=IMPORTS if more else "",
        )
    way = way_of(domain)
    if way == "library":
        return fill(
            "end_library",
            TITLE=title,
            NAMES=literal([naming.identifier(feature.module) for feature in domain.features]),
        )
    if way == "cli":
        commands = [naming.slug(feature.slug) for feature in domain.features]
        first = next(
            (c for c, f in zip(commands, domain.features, strict=True) if f.operation in {"list", "count", "total"}), ""
        )
        return fill("end_cli", TITLE=title, COMMANDS=literal(commands), READS=repr(first))
    create, reads = _keep_and_read(domain)
    given = {field.name: field.sample for field in create.entity.fields} if create and create.entity else {}
    return fill(
        "end_http",
        TITLE=title,
        PAGES=literal([f"/pages/{name.rpartition('/')[2]}" for name in work.files("pages/*.html")]),
        READS=repr(reads.path if reads else ""),
        CREATES=repr(create.path if create else ""),
        GIVEN=literal(given),
    )


def _keep_and_read(domain: Domain) -> tuple[Feature | None, Feature | None]:
    """A feature that keeps something and one that shows all of the same kind, so that a restart can be proven."""
    creates = [f for f in domain.features if f.operation == "create" and f.entity]
    reads = [f for f in domain.features if f.operation in {"list", "count", "total"} and f.entity]
    for create in creates:
        for read in reads:
            if read.entity == create.entity:
                return create, read
    return (creates[0] if creates else None), None


def _place_methods(domain: Domain) -> str:
    methods = []
    for feature in domain.features:
        # As the page or the report shows it: the report's Markdown has no backticks of the brief.
        title = html.unescape(safe(feature.title)).replace("\\", "") if domain.document else feature.title
        methods.append(f"    def test_{feature.module}(self):\n        self.check({feature.slug!r}, {title!r})\n")
    return "\n".join(methods)
