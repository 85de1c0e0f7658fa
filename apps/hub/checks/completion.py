"""``ValidateCompletion`` of ``delivery.validate`` at QG-PHASE7: the whole in one result, its parts beside it."""

from apps.delivery.validate import CompletionFacts, PromisedTask
from apps.delivery.validate import validate_completion as validate
from apps.gates.results import CheckResult
from apps.hub.checks.material import Material
from apps.hub.checks.reading import entries, failed, passed, whole

NAME = "validate-completion"


def validate_completion(material: Material) -> list[CheckResult]:
    parts = validate(facts_of(material))
    wrong = [part for part in parts if part.blocking and part.result != "passed"]
    if wrong:
        whole_result = failed(NAME, wrong[0].sentence, problems=[part.sentence for part in wrong])
    else:
        whole_result = passed(
            NAME, f"Complete: {len(parts)} parts were looked at.", parts=[part.name for part in parts]
        )
    return [whole_result, *parts]


def facts_of(material: Material) -> CompletionFacts:
    asking = [one for one in entries(material.facts, "sentences") if one.get("asks") is True]
    return CompletionFacts(
        brief=material.brief,
        additions=material.additions,
        tasks=[
            PromisedTask(task.key, task.title, task.status, task.produces)
            for task in material.tasks
            if task.kind == "work"
        ],
        files=material.files,
        sentences=[number for one in asking if (number := whole(one.get("number"))) is not None],
        ticked=frozenset(one.number for one in material.requirements if one.ticked),
    )
