"""How it is started, what is in it, and how it is put back: each tried, not only written."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from apps.agents.crew import naming
from apps.agents.crew.assembled_tests import way_of
from apps.agents.crew.domain import Domain
from apps.agents.crew.event import day
from apps.agents.crew.markdown import bullets, counted, document
from apps.agents.crew.migration.proof import migration_rehearsed
from apps.agents.crew.migration.rules import rule_of
from apps.agents.crew.process import rollout
from apps.agents.crew.running import ENVIRONMENT, NotStarted, ask, serving
from apps.agents.crew.work import CannotDo, Work

START = {
    "http": (
        'exec "${PYTHON:-python3}" -m service.app '
        '--host "${HOST:-127.0.0.1}" --port "${PORT:-8000}" --data "${DATA:-data.db}"'
    ),
    "cli": 'exec "${PYTHON:-python3}" -m service.cli "$@"',
    "library": """exec "${PYTHON:-python3}" -c "from service import library; print(*library.FUNCTIONS)" """,
    "migration": 'exec "${PYTHON:-python3}" -m migration.migrate "$@"',
    "site": 'exec "${PYTHON:-python3}" -m http.server --bind "${HOST:-127.0.0.1}" --directory pages "${PORT:-8000}"',
}
MIGRATE = (
    "`sh deploy/start.sh dry-run --source old --target new.db` shows what would happen and writes nothing; `run` "
    "moves, `verify` counts and compares. Run it on a copy of the old system first."
)
KEEP = (
    "The run keeps the new system of before as `new.db.before`; the old system is only read. Keep both until verified."
)
GO_BACK = """#!/bin/sh
# Puts the new system back as it was before the migration:  sh deploy/rollback.sh --target new.db [--force]
set -eu
cd "$(dirname "$0")/.."
exec "${PYTHON:-python3}" -m migration.migrate rollback "$@"
"""
ROLLBACK = """#!/bin/sh
# Puts the previous release back and keeps what there was:
#   sh deploy/rollback.sh RELEASE PREVIOUS DATA
# RELEASE is the folder that runs, PREVIOUS the release before it (an empty folder restores the empty state), DATA
# its data. Stop the service first, start it afterwards with deploy/start.sh.
set -eu
release=${1:?the folder of the release}
previous=${2:?the folder of the previous release}
data=${3:?the data}
[ -d "$release" ] && [ -d "$previous" ] || { echo "both folders must be there" >&2; exit 1; }
[ ! -e "$release.failed" ] || { echo "$release.failed is there from an earlier rollback: move it away" >&2; exit 1; }
if [ -e "$data" ]; then
  [ ! -e "$data.before-rollback" ] || { echo "$data.before-rollback is there already: move it away" >&2; exit 1; }
  cp -pR "$data" "$data.before-rollback"
fi
mv "$release" "$release.failed"
cp -pR "$previous" "$release"
echo "rolled back; the failed release is in $release.failed"
"""


def way(work: Work) -> str:
    if work.domain.document:
        return "report"
    if work.domain.is_migration:
        return "migration"
    return "site" if work.domain.kind == "static_site" else way_of(work.domain)


def runbook(work: Work) -> str:
    """docs/runbook.md: how it is run by somebody who did not make it."""
    if work.domain.kind == "event":
        return day.runbook(work)
    if work.domain.kind == "process_change":
        return rollout.runbook(work)
    domain, how = work.domain, way(work)
    report = work.document("reports/integration.json")
    start = {
        "http": "`PORT=8000 DATA=data.db sh deploy/start.sh`, then open `/` or ask `/healthz`.",
        "cli": "`sh deploy/start.sh --help`; data is kept in `--data`.",
        "library": "Put the folder on `PYTHONPATH` and `from service import library`.",
        "site": "Serve `pages/` with any web server, or `sh deploy/start.sh`.",
        "report": f"Open `{domain.document}`.",
        "migration": MIGRATE,
    }[how]
    stop = "Stop the service and copy" if how == "http" else "Copy"
    backup = f"{stop} the data (`data.db`, or the folder or file that `deploy/settings.toml` names)."
    work.write(
        work.produces(".md", "docs/runbook.md"),
        document(
            f"Runbook: {domain.title}",
            ("Start", start),
            (
                "Check",
                (
                    f"{report.get('tests', 0)} tests passed when this was written. "
                    "Again: `python3 -m unittest discover -s tests`."
                ),
            ),
            (
                "Back up",
                KEEP if how == "migration" else backup if domain.has_code else "Keep the folder; it is all there is.",
            ),
            (
                "Roll back",
                "See `deploy/rollback.sh`; what was tried is in `reports/rollback.json`."
                if how not in ("report", "migration")
                else "Keep the earlier file."
                if how == "report"
                else "`sh deploy/rollback.sh --target new.db` puts the new system back as it was before the run.",
            ),
            ("When something is wrong", bullets(_faults(how))),
            ("Not built", _not_built(domain)),
            lead="Assumption: Python 3.11 or newer, one machine, one process.",
        ),
    )
    return "A runbook: start, check, back up, roll back."


def _not_built(domain: Domain) -> str:
    if domain.is_migration:
        return "docs/not-built.md names the wishes that the migration does not fulfil."
    if not domain.has_code:
        return "Nothing was left out." if domain.features else "There was nothing to build."
    missing = [f"{f.title}: {f.reason}" for f in domain.features if not f.built]
    partly = sum(bool(f.built and f.open_words) for f in domain.features)
    more = f"Parts of {counted(partly, 'feature')} are not built: docs/not-built.md names them." if partly else ""
    return "\n\n".join(part for part in (bullets(missing, "" if more else "Nothing."), more) if part)


def _faults(how: str) -> list[str]:
    if how == "http":
        return [
            "'Address already in use': another program has the port; start with another PORT.",
            "'unable to open database file': the folder of DATA is missing or may not be written.",
            "501 as an answer: this feature is not built; docs/not-built.md says why.",
        ]
    if how in {"cli", "library"}:
        return [
            "'No module named service': start it from the folder that holds service/.",
            "Code 1: the sentence on standard error says what was refused.",
        ]
    if how == "migration":
        return [
            "'The old system has no …': its CSV files are named after the tables of contract/mapping.json.",
            "Rows are rejected: the report names each row and why; mend them in the old system and run again.",
            "Verification fails: go back first, then look for who wrote to the new system meanwhile.",
        ]
    return ["A page is not found: serve the folder that holds index.html."]


def release(work: Work) -> str:
    domain, how = work.domain, way(work)
    covered = work.document("reports/coverage.json")
    reasons = _left_out(domain)
    built = [f.title for f in domain.features if f.slug not in reasons]
    missing = [f"{f.title}: {reasons[f.slug]}" for f in domain.features if f.slug in reasons]
    work.write(
        work.produces("CHANGELOG.md", "CHANGELOG.md"),
        document(
            f"Changes: {domain.title}",
            ("1.0.0", bullets(built)),
            ("Not built", bullets(missing)),
            (
                "Proof",
                (
                    f"{covered.get('covered', 0)} of {covered.get('testable', 0)} testable requirements "
                    "have a test that fails without them."
                ),
            ),
        ),
    )
    if how == "report":
        return "Release notes."
    script = f'#!/bin/sh\nset -eu\ncd "$(dirname "$0")/.."\n{START[how]}\n'
    work.write(work.produces("start.sh", "deploy/start.sh"), script)
    work.claim(f"deploy/start.sh was tried: {_try_start(work, how)}")
    return "Release notes and a start script that was tried."


def _left_out(domain: Domain) -> dict[str, str]:
    """Slug to reason of what was asked for and is not there."""
    if domain.is_migration:
        rules = {feature.slug: rule_of(domain, feature) for feature in domain.features}
        return {slug: rule.reason for slug, rule in rules.items() if not rule.kind}
    return {f.slug: f.reason for f in domain.features if not f.built and domain.has_code}


def _try_start(work: Work, how: str) -> str:
    if how == "http":
        with tempfile.TemporaryDirectory() as folder:
            try:
                with serving(work.root, Path(folder) / "data") as address:
                    status, _ = ask(f"{address}/healthz")
            except (NotStarted, OSError) as error:
                raise CannotDo(f"deploy/start.sh does not start the service: {error}") from error
        if status != 200:
            raise CannotDo(f"deploy/start.sh starts a service that answers {status}.")
        return "the service answered."
    arguments = ["sh", "deploy/start.sh", *(["--help"] if how in ("cli", "migration") else [])]
    if how == "site":
        arguments = ["sh", "-n", "deploy/start.sh"]
    done = _shell(arguments, work.root)
    if done["code"] != 0:
        raise CannotDo(f"deploy/start.sh fails: {done['output']}")
    return "its syntax is right." if how == "site" else "it answered."


def _shell(arguments: list[str], cwd: Path) -> dict[str, Any]:
    environment = {**ENVIRONMENT, "PYTHON": sys.executable}
    done = subprocess.run(
        arguments, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
    )
    return {"code": done.returncode, "output": (done.stdout + done.stderr).decode("utf-8", "replace")[-600:]}


def rollback(work: Work) -> str:
    how = way(work)
    if how != "report":
        script = GO_BACK if how == "migration" else ROLLBACK
        work.write(work.produces("rollback.sh", "deploy/rollback.sh"), script)
    with tempfile.TemporaryDirectory() as folder:
        steps = _rehearse(work, Path(folder), how)
    passed = all(step["passed"] for step in steps)
    report = {
        "tried": True,
        "passed": passed,
        "previous": "none: a copy of this first release stands for the previous one; the empty state was tried too",
        "steps": steps,
    }
    work.write_json(work.produces("rollback.json", "reports/rollback.json"), report)
    if not passed:
        raise CannotDo(f"The rollback failed: {next(step for step in steps if not step['passed'])}")
    work.claim(f"The rollback was tried on a copy: {len(steps)} steps passed.")
    return "A rollback that was tried on a copy of the tree and its data."


def _rehearse(work: Work, folder: Path, how: str) -> list[dict[str, Any]]:
    if work.domain.kind == "event":
        return day.calling_off(work)
    if work.domain.kind == "process_change":
        return rollout.way_back(work)
    if how == "migration":
        return migration_rehearsed(work, folder, _shell)
    ignore = shutil.ignore_patterns("__pycache__")
    current, previous, empty, data = (folder / name for name in ("release", "previous", "empty", "data"))
    shutil.copytree(work.root, current, symlinks=True, ignore=ignore)
    shutil.copytree(work.root, previous, symlinks=True, ignore=ignore)
    empty.mkdir()
    steps = []
    if how == "report":
        shutil.rmtree(current)
        shutil.copytree(previous, current)
        same = sorted(p.name for p in current.rglob("*")) == sorted(p.name for p in previous.rglob("*"))
        return [_step("the copy of the earlier text is back", same)]
    before = b""
    if how == "http":
        before = _fill(work, current, data)
        steps.append(_step("records were kept by the current release", bool(before)))
    else:
        data.write_text("what was kept", encoding="utf-8")
    (current / "broken").write_text("a release that is broken", encoding="utf-8")
    done = _shell(["sh", str(previous / "deploy/rollback.sh"), str(current), str(previous), str(data)], folder)
    steps.append(_step("the script ran", done["code"] == 0, done["output"]))
    steps.append(
        _step("the previous release is in place", not (current / "broken").exists() and any(current.iterdir()))
    )
    steps.append(_step("a copy of the data was kept", (folder / "data.before-rollback").exists()))
    if how == "http":
        steps.append(
            _step(
                "the previous release serves the copied data unchanged",
                _read(work, current, folder / "data.before-rollback") == before,
            )
        )
    shutil.move(folder / "data.before-rollback", folder / "kept")
    shutil.rmtree(folder / "release.failed")
    done = _shell(["sh", str(previous / "deploy/rollback.sh"), str(current), str(empty), str(data)], folder)
    steps.append(
        _step("the empty state can be restored", done["code"] == 0 and not any(current.iterdir()), done["output"])
    )
    return steps


def _step(name: str, passed: bool, output: str = "") -> dict[str, Any]:
    return {"step": name, "passed": passed, "output": naming.one_line(output)}


def _fill(work: Work, folder: Path, data: Path) -> bytes:
    """Keeps one record of the first feature that creates, and returns what the service then shows."""
    create = next((f for f in work.domain.features if f.operation == "create" and f.entity), None)
    try:
        with serving(folder, data) as address:
            if create and create.entity:
                body = json.dumps({field.name: field.sample for field in create.entity.fields}).encode()
                ask(address + create.path, "POST", body)
            return ask(address + _read_path(work))[1]
    except (NotStarted, OSError):
        return b""


def _read(work: Work, folder: Path, data: Path) -> bytes:
    try:
        with serving(folder, data) as address:
            return ask(address + _read_path(work))[1]
    except (NotStarted, OSError):
        return b""


def _read_path(work: Work) -> str:
    return next(
        (f.path for f in work.domain.features if f.operation in {"list", "count", "total"} and f.built), "/healthz"
    )
