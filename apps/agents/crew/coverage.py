"""Which test proves which requirement, and whether that test fails when the thing is taken away."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from apps.agents.crew.backend import run_tests
from apps.agents.crew.domain import Feature
from apps.agents.crew.migration.proof import notices_rule
from apps.agents.crew.work import Work

HOLLOW = '''"""Taken out, to see whether the tests notice."""

from service.store import *  # noqa: F403

SLUG = COMMAND = TITLE = OPERATION = METHOD = PATH = ""
STATUS, SPARSE, INPUTS = 200, False, ()


def run(store, given):
    return {}
'''


def coverage(work: Work) -> str:
    found = work.document("requirements/requirements.json").get("requirements", [])
    tests = {
        entry.get("requirement"): entry.get("test")
        for entry in work.document("requirements/acceptance.json").get("acceptance", [])
    }
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(work.root, copy, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        for at, item in enumerate(found):
            work.progress(5 + 90 * at // max(1, len(found)), f"requirement {item.get('number')}")
            rows.append(_row(work, item, str(tests.get(item.get("number")) or "manual"), copy))
    testable = [row for row in rows if row["kind"] == "testable"]
    covered = [row for row in testable if row["tests"] and row["fails_without_it"]]
    report: dict[str, Any] = {
        "requirements": rows,
        "testable": len(testable),
        "covered": len(covered),
        "all_covered": len(covered) == len(testable),
        "manual": [row["requirement"] for row in rows if row["kind"] == "manual"],
        "declined": [row["requirement"] for row in rows if row["kind"] == "declined"],
        "method": "each feature was removed from a copy, then replaced by a hollow one; its tests had to fail twice",
    }
    work.write_json(work.produces("coverage.json", "reports/coverage.json"), report)
    work.claim(f"{len(covered)} of {len(testable)} testable requirements have a test that fails without them.")
    return (
        f"{len(covered)} of {len(testable)} testable requirements are covered; {len(report['manual'])} are for people."
    )


def _row(work: Work, item: dict[str, Any], test: str, copy: Path) -> dict[str, Any]:
    row: dict[str, Any] = {
        "requirement": item.get("number"),
        "kind": item.get("kind"),
        "tests": [],
        "fails_without_it": None,
    }
    if item.get("kind") != "testable":
        return row
    feature = work.domain.feature(str(item.get("feature") or ""))
    file = test.partition("::")[0]
    if file == "manual" or not (copy / file).is_file():
        return {**row, "fails_without_it": False}
    row["tests"] = [test, *_other_tests(work, feature)]
    passes = run_tests(work, file, cwd=copy)["ok"]
    if work.domain.is_migration:
        row["fails_without_it"] = passes and notices_rule(work, feature, file, copy)
    elif work.domain.has_code:
        row["fails_without_it"] = passes and _notices_code(work, feature, file, copy)
    else:
        row["fails_without_it"] = passes and _notices_place(work, feature, file, copy)
    return row


def _other_tests(work: Work, feature: Feature) -> list[str]:
    names = ["tests/test_app.py", "tests/test_acceptance.py"]
    return [name for name in names if feature.module in work.text(name) or repr(feature.path) in work.text(name)]


def _notices_code(work: Work, feature: Feature, file: str, copy: Path) -> bool:
    module = copy / f"service/features/{feature.module}.py"
    if not module.is_file():
        return False
    kept = module.read_bytes()
    try:
        module.unlink()
        gone = not run_tests(work, file, cwd=copy)["ok"]
        module.write_text(HOLLOW, encoding="utf-8")
        hollow = not run_tests(work, file, cwd=copy)["ok"]
    finally:
        module.write_bytes(kept)
    return gone and hollow


def _notices_place(work: Work, feature: Feature, file: str, copy: Path) -> bool:
    """Takes the section, or the page and its link, out of the copy."""
    report = bool(work.domain.document)
    target = copy / (work.domain.document or "pages/index.html")
    page = copy / f"pages/{feature.slug}.html"
    kept, kept_page = target.read_bytes(), page.read_bytes() if page.is_file() else None
    try:
        text = kept.decode("utf-8", "replace")
        head = feature.title.split()[0]
        marked = [line for line in text.splitlines() if not (line.startswith("## ") and head in line)]
        if not report:
            marked = text.replace(f"{feature.slug}.html", "gone.html").replace("</h2>", "</h2 >").splitlines()
            page.unlink(missing_ok=True)
        target.write_text("\n".join(marked), encoding="utf-8")
        return not run_tests(work, file, cwd=copy)["ok"]
    finally:
        target.write_bytes(kept)
        if kept_page is not None:
            page.write_bytes(kept_page)
