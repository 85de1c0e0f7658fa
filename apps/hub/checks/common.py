"""Checks that every gate has, and the phase that has nothing to do."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from apps.gates.definitions import LABELS
from apps.gates.results import CheckResult
from apps.hub.checks.material import Material
from apps.hub.checks.reading import failed, listed, not_run, passed, words

# Phases that may have no tasks: there are always requirements, an end-to-end look and a deployment to decide on.
MAY_BE_EMPTY = range(2, 6)
ALWAYS = ("artifacts-present", "conditions-closed")


def checks(material: Material) -> list[CheckResult]:
    return [artifacts_present(material), conditions_closed(material)]


def nothing_to_do(material: Material) -> bool:
    """A phase without tasks; not one whose artifacts people supplied, for those are looked at like any other."""
    return material.phase in MAY_BE_EMPTY and material.phase >= material.first_phase and not material.work()


def nothing_to_review(material: Material) -> list[CheckResult]:
    """One result for each check that the gate asks for: there is nothing it could be about, and the plan says why."""
    reason = words(material.notes.get(material.phase, ""))
    names = [name for name in material.blocking if name not in ALWAYS] or ["nothing-to-review"]
    if not reason:
        sentence = "This phase has no tasks, and the plan does not say why."
        return [failed(name, sentence) for name in names]
    return [passed(name, f"Nothing to review, because: {reason}", tasks=0) for name in names]


def artifacts_present(material: Material) -> CheckResult:
    """Every artifact that the gate requires or a finished task of the phase promised lies in the tree."""
    required = [] if nothing_to_do(material) else list(material.required_artifacts)
    wanted = sorted({*required, *material.promised()})
    missing = [path for path in wanted if path not in material.files]
    if missing:
        return failed("artifacts-present", f"Missing: {listed(missing)}.", missing=missing)
    return passed("artifacts-present", f"All {len(wanted)} artifacts of this phase are there.", paths=wanted)


def conditions_closed(material: Material) -> CheckResult:
    """Conditions due here are met or waived; at the last gate, all of them."""
    due = [one for one in material.conditions if one.due_phase <= material.phase or material.phase == 7]
    if due:
        sentence = f"{len(due)} open: “{words(due[0].text)}” It has to be met, or waived by a person, first."
        return failed("conditions-closed", sentence, conditions=[words(one.text) for one in due])
    return passed("conditions-closed", "No condition is due here.")


def ordered(material: Material, results: Iterable[CheckResult]) -> list[CheckResult]:
    """Set who blocks, complete the list with what nobody looked at, and put it in a fixed order.

    A name that the gate lists is blocking or advisory as the gate says. Another name blocks only when its review says
    so and it failed: what nobody asked for can't be 'not run'.
    """
    given = list(results)
    settled = {one.name for one in given if one.result != "not_run"}
    found = {(one.name, one.source): _as_asked(material, one, settled) for one in given}
    known = {name for name, _ in found}
    for name in [*material.blocking, *material.advisory]:
        if name not in known:
            sentence = f"“{LABELS.get(name, name)}” was not looked at by anybody."
            found[name, "hub"] = _as_asked(material, not_run(name, sentence), settled)
    return sorted(found.values(), key=lambda one: (not one.blocking, one.name, one.source))


def _as_asked(material: Material, one: CheckResult, settled: Collection[str]) -> CheckResult:
    if one.name in material.blocking:
        # Where one source looked, another that had nothing to look at does not hold the gate up.
        return replace(one, blocking=one.result != "not_run" or one.name not in settled)
    if one.name in material.advisory:
        return replace(one, blocking=False)
    return replace(one, blocking=one.blocking and one.result == "failed")
