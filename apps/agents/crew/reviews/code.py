"""The code reviewer: runs what was written, reads it as a syntax tree, and compares it with what was promised."""

import ast
import functools
import tomllib
from collections.abc import Callable

from apps.agents.crew.backend import run_tests
from apps.agents.crew.pages_check import own_scripts, page_faults
from apps.agents.crew.reviews import contract_match
from apps.agents.crew.reviews.checks import Check, check, leave, not_run
from apps.agents.crew.work import Work

LONGEST_FUNCTION = 60
Maker = Callable[[Work], "Check | None"]


def review(work: Work) -> str:
    makers = [maker for phase in range(1, max(1, work.packet.phase) + 1) for maker in BY_PHASE.get(phase, ())]
    own = BY_PHASE.get(work.packet.phase, ())
    # What an earlier phase promised and a later one can break is looked at again: code, contract, tests.
    chosen = [maker for maker in makers if maker in own or maker in AGAIN]
    return leave(work, "code", [functools.partial(maker, work) for maker in dict.fromkeys(chosen)])


def traced(work: Work) -> Check:
    found = work.document("requirements/requirements.json")
    numbers = {number for item in found.get("requirements", []) for number in item.get("sentences", [])}
    asking = [int(item.get("number") or 0) for item in work.listed("sentences") if item.get("asks")]
    faults = [
        f"Sentence {number} asks for something and no requirement answers it."
        for number in asking
        if number not in numbers
    ]
    if not found.get("requirements"):
        faults.append("There are no requirements.")
    return check(
        "requirements_traced", faults, f"All {len(asking)} asking sentences are traced.", tool="requirements.json"
    )


def accepted(work: Work) -> Check:
    found = work.document("requirements/requirements.json").get("requirements", [])
    tests = {
        item.get("requirement"): item for item in work.document("requirements/acceptance.json").get("acceptance", [])
    }
    faults = [
        f"Requirement {item.get('number')} has no acceptance test." for item in found if item.get("number") not in tests
    ]
    for item in found:
        if item.get("kind") == "testable" and tests.get(item.get("number"), {}).get("test") in {None, "", "manual"}:
            faults.append(f"Requirement {item.get('number')} is called testable and its test is manual.")
    return check(
        "acceptance_present", faults, f"All {len(found)} requirements have an acceptance test.", tool="acceptance.json"
    )


def questions_settled(work: Work) -> Check:
    found = work.document("requirements/requirements.json")
    assumed = " ".join(str(item.get("text")) for item in found.get("assumptions", []))
    faults = [
        f"The question '{item.get('text')}' is neither answered nor taken by its default."
        for item in found.get("questions", [])
        if not item.get("answer") and str(item.get("default"))[:60] not in assumed
    ]
    return check(
        "questions_settled",
        faults,
        "Each question is answered or its default is an assumption.",
        tool="requirements.json",
    )


def decided(work: Work) -> Check:
    text = work.text("docs/decisions.md")
    faults = [] if text else ["docs/decisions.md is missing."]
    faults += ["No decision names an alternative."] if text and "lternative" not in text else []
    for name, value in work.packet.choices.items():
        if name not in {"feature", "entity", "page"} and isinstance(value, str) and value not in text:
            faults.append(f"The choice of {name} ({value}) is not recorded.")
    return check(
        "decisions_recorded",
        faults,
        "Every choice of the approach is recorded with its alternatives.",
        tool="decisions.md",
    )


def threats_listed(work: Work) -> Check:
    lines = [line for line in work.text("architecture/threats.md").splitlines() if line.startswith("| ")]
    faults = [] if len(lines) > 2 else ["No threat is listed."]
    return check("threats_listed", faults, f"{len(lines)} lines of threats and interfaces.", tool="threats.md")


def estimated(work: Work) -> Check:
    hours = work.document("architecture/estimate.json").get("hours")
    faults = [] if isinstance(hours, int | float) and hours > 0 else ["There is no estimate of effort."]
    return check("estimate_present", faults, f"The estimate is {hours} hours, assumed.", tool="estimate.json")


def configured(work: Work) -> Check:
    if work.domain.document:
        return not_run("configuration_parses", "A document has no configuration.", tool="tomllib")
    try:
        settings = tomllib.loads(work.text("deploy/settings.toml"))
        faults = [] if settings else ["deploy/settings.toml is missing or empty."]
    except tomllib.TOMLDecodeError as error:
        faults = [f"deploy/settings.toml does not parse: {error}."]
    if work.has("deploy/Dockerfile") and "\nUSER " not in work.text("deploy/Dockerfile"):
        faults.append("The image would run as root.")
    return check("configuration_parses", faults, "deploy/settings.toml parses.", tool="tomllib")


def priced(work: Work) -> Check:
    found = work.document("infrastructure/cost.json")
    faults = [] if found.get("monthly") else ["There is no monthly cost."]
    faults += ["The cost is not labelled as assumed."] if found and found.get("assumed") is not True else []
    return check("cost_present", faults, f"{found.get('monthly')} a month, labelled assumed.", tool="cost.json")


def compiles(work: Work) -> Check:
    files = work.files("**/*.py")
    if not files:
        return not_run("compiles", "There is no code.", tool="ast")
    faults = []
    for name in files:
        try:
            ast.parse(work.text(name), name)
        except (SyntaxError, ValueError) as error:
            faults.append(f"{name}: {error}")
    return check("compiles", faults, f"{len(files)} files are valid Python.", tool="ast", proof={"files": len(files)})


def tests_pass(work: Work) -> Check:
    if not work.files("tests/test_*.py"):
        has_code = work.domain.has_code or work.domain.is_migration
        if has_code and work.packet.phase >= 4 and work.domain.features:
            return check("tests_pass", ["There are no tests."], "", tool="unittest")
        return not_run("tests_pass", "There are no tests to run yet.", tool="unittest")
    ran = run_tests(work)
    faults = [] if ran["ok"] else [f"Tests fail: {ran['output'][-300:]}"]
    return check("tests_pass", faults, f"{ran['tests']} tests pass.", tool="unittest", proof={"tests": ran["tests"]})


def readable(work: Work) -> Check:
    faults = []
    for name in work.files("service/**/*.py") + work.files("migration/**/*.py"):
        try:
            tree = ast.parse(work.text(name))
        except (SyntaxError, ValueError):
            continue
        faults += [f"{name}: {fault}" for fault in [*_unused(tree), *_habits(tree)]]
    return check(
        "code_reads_well", faults, "No unused import, bare except or overlong function.", blocking=False, tool="ast"
    )


def _unused(tree: ast.Module) -> list[str]:
    imported = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    exported = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return [f"{name} is imported and not used." for name in sorted(imported - used - exported - {"*"})]


def _habits(tree: ast.Module) -> list[str]:
    faults = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            faults.append(f"line {node.lineno} catches everything.")
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > LONGEST_FUNCTION:
            faults.append(f"{node.name} is longer than {LONGEST_FUNCTION} lines.")
    return faults


def contract_matches(work: Work) -> Check:
    return contract_match.contract_matches(work)


def pages_keep_rules(work: Work) -> Check:
    files = work.files("pages/*.html")
    if not files:
        return not_run("pages_accessible", "There are no pages.", tool="html.parser")
    faults = [
        f"{name}: {fault}"
        for name in files
        for fault in page_faults(work.text(name), own_scripts=own_scripts(work.domain.kind))
    ]
    return check("pages_accessible", faults, f"{len(files)} pages keep the accessibility rules.", tool="html.parser")


def report_whole(work: Work) -> "Check | None":
    if not work.domain.document:
        return None
    text = work.text(work.domain.document)
    faults = [
        f"{work.domain.document} has nothing on '{f.title}'."
        for f in work.domain.features
        if f.title.split()[-1] not in text
    ]
    return check(
        "report_whole",
        faults,
        f"The {work.domain.document_name} has a section on everything that was asked.",
        tool=work.domain.document,
    )


def integrated(work: Work) -> Check:
    found = work.document("reports/integration.json")
    faults = [] if found.get("passed") is True else ["reports/integration.json does not say that the tests passed."]
    return check(
        "end_to_end_passes", faults, f"{found.get('tests')} tests passed in the whole run.", tool="integration.json"
    )


def covered(work: Work) -> Check:
    found = work.document("reports/coverage.json")
    rows = [row for row in found.get("requirements", []) if row.get("kind") == "testable"]
    faults = [
        f"Requirement {row.get('requirement')} has no test that fails without it."
        for row in rows
        if row.get("fails_without_it") is not True
    ]
    if not found:
        faults.append("reports/coverage.json is missing.")
    return check(
        "requirements_covered",
        faults,
        f"All {len(rows)} testable requirements have a test that fails without them.",
        tool="mutation",
    )


def rolled_back(work: Work) -> Check:
    found = work.document("reports/rollback.json")
    faults = [] if found.get("tried") and found.get("passed") is True else ["No rollback was tried that passed."]
    return check(
        "rollback_tried",
        faults,
        f"{len(found.get('steps', []))} steps of the rollback passed on a copy.",
        tool="rollback.json",
    )


def shipped(work: Work) -> Check:
    wanted = ["docs/runbook.md", "CHANGELOG.md"] + (
        [] if work.domain.document else ["deploy/start.sh", "deploy/rollback.sh"]
    )
    faults = [f"{name} is missing." for name in wanted if not work.has(name)]
    return check("release_whole", faults, "Runbook, release notes and scripts are there.", tool="files")


BY_PHASE: dict[int, tuple[Maker, ...]] = {
    1: (traced, accepted, questions_settled),
    2: (contract_matches, decided, threats_listed, estimated),
    3: (configured, priced),
    4: (compiles, tests_pass, contract_matches, readable, report_whole),
    5: (pages_keep_rules, tests_pass),
    6: (integrated, covered),
    7: (rolled_back, shipped),
}
AGAIN = frozenset({compiles, tests_pass, contract_matches})
