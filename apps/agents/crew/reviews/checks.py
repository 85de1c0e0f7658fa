"""The shape of a check, and how a review leaves its checks behind."""

from collections.abc import Callable
from typing import Any

from apps.agents.crew.work import Work

Check = dict[str, Any]


def check(
    name: str,
    faults: list[str],
    sentence: str,
    *,
    blocking: bool = True,
    tool: str,
    proof: dict[str, Any] | None = None,
) -> Check:
    """Passed when there is no fault; otherwise the first faults are in the sentence and all (up to 50) in the proof."""
    shown = "; ".join(faults[:3]) + (f"; and {len(faults) - 3} more" if len(faults) > 3 else "")
    return {
        "name": name,
        "result": "failed" if faults else "passed",
        "blocking": blocking,
        "sentence": shown or sentence,
        "proof": {**(proof or {}), "faults": faults[:50]},
        "tool": tool,
    }


def not_run(name: str, why: str, *, tool: str) -> Check:
    """What there was nothing to look at for. Never blocking: absence of the thing is another check's business."""
    return {"name": name, "result": "not_run", "blocking": False, "sentence": why, "proof": {}, "tool": tool}


def leave(work: Work, kind: str, made: list[Callable[[], Check | None]]) -> str:
    """Runs every check, writes `reviews/phase<n>/<kind>.json`. A check that breaks is a check that failed."""
    found: list[Check] = []
    for at, make in enumerate(made):
        work.progress(100 * at // max(1, len(made)), f"check {at + 1} of {len(made)}")
        try:
            result = make()
        except Exception as error:
            name = getattr(make, "__name__", "check").strip("_")
            result = check(name, [f"The check itself broke: {type(error).__name__}: {error}"[:300]], "", tool="crew")
        if result:
            found.append(result)
    target = work.produces(f"{kind}.json", f"reviews/phase{work.packet.phase}/{kind}.json")
    work.write_json(target, {"checks": found})
    failed = [item["name"] for item in found if item["result"] == "failed"]
    ran = sum(item["result"] != "not_run" for item in found)
    for item in found:
        work.claim(f"{item['name']}: {item['result']}. {item['sentence']}"[:400])
    return f"{ran} checks ran, {len(failed)} failed{': ' + ', '.join(failed) if failed else ''}."
