"""Three ways into a new process (pilot, waves, all at once), the roll-out checklist, and the way back."""

import csv
import io
from typing import Any

from apps.agents.crew.event.programme import csv_text
from apps.agents.crew.markdown import bullets, document, table
from apps.agents.crew.process import reading
from apps.agents.crew.process.writing import told
from apps.agents.crew.work import CannotDo, Work

HEADS = ("day", "what", "steps", "goes on if")
FILES = ("pilot.csv", "waves.csv", "cutover.csv")


def pilot(work: Work) -> str:
    """process/pilot.csv and .md: one group first, then everybody if the measures say so."""
    numbers = _numbers(work)
    rows = [
        (
            0,
            "the pilot group is trained; figures of before are there",
            "",
            "everybody of the group has done each step once",
        ),
        (7, "the pilot group works in the new way", numbers, "no case is lost in a week"),
        (21, "a look at the measures with the group", "", "the time is no longer than before"),
        (35, "decision: everybody, once more, or not", "", "a person decides on the figures"),
        (42, "everybody works in the new way", numbers, "the measures hold for four weeks"),
    ]
    return _way(
        work,
        "pilot",
        rows,
        ("pilot", "trial"),
        "Assumption: the pilot lasts four weeks with one group that volunteers.",
    )


def waves(work: Work) -> str:
    """process/waves.csv and .md: role after role, so that a wave rests on the one before."""
    steps = reading.kept(work, "target")
    rows: list[tuple[Any, ...]] = [(0, "figures of before are there", "", "every measure has one")]
    for at, name in enumerate(_doers(steps), 1):
        own = " ".join(str(s["number"]) for s in steps if _doer(s, steps) == name)
        rows.append((7 * at, f"{name} changes to the new way", own, "no case is lost in a week"))
    return _way(
        work,
        "waves",
        rows,
        ("wave", "step by step", "gradual"),
        "Assumption: a week between two waves; the old step stays possible meanwhile.",
    )


def cutover(work: Work) -> str:
    """process/cutover.csv and .md: everybody on one day."""
    numbers = _numbers(work)
    rows = [
        (-14, "everybody is trained", "", "everybody has done each step once"),
        (-1, "open cases are listed and finished in the old way", "", "the list is complete"),
        (0, "everybody works in the new way; help is at hand all day", numbers, "no case is lost"),
        (7, "a look at the measures", "", "the time is no longer than before"),
    ]
    return _way(
        work,
        "cutover",
        rows,
        ("at once", "switch", "deadline", "by"),
        "Assumption: the day is a quiet one; help means one person who can do every step.",
    )


def _way(work: Work, name: str, rows: list[tuple[Any, ...]], words: tuple[str, ...], lead: str) -> str:
    work.write(work.produces(".csv", f"process/{name}.csv"), csv_text(HEADS, rows))
    said = [f"{text} (sentence {number})" for number, text in told(work, words)]
    work.write(
        work.produces(".md", f"process/{name}.md"),
        document(
            f"The way into the new process: {work.domain.title}",
            ("Days", table(["Day", "What", "Steps", "Goes on if"], rows)),
            ("What the brief says about it", bullets(said[:12])),
            (
                "If it does not go on",
                "The former steps are taken up again as process/fallback.csv lists them; the cases of the days "
                "between are done once more.",
            ),
            lead=f"{lead} Days count from the beginning of the change; a person sets the date.",
        ),
    )
    work.claim(f"{len(rows)} days, each with what must hold before the next.")
    return f"The way into the new process in {len(rows)} days that matter."


def _numbers(work: Work) -> str:
    return " ".join(str(step["number"]) for step in reading.kept(work, "target"))


def _doer(step: dict[str, Any], steps: list[dict[str, Any]]) -> str:
    names = reading.actors(steps)
    return str(step["actor"]) if step["actor"] in names else names[0]


def _doers(steps: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(_doer(step, steps) for step in steps))


def runbook(work: Work) -> str:
    """docs/runbook.md: the checklist of the roll-out."""
    name = next((file for file in FILES if work.has(f"process/{file}")), "")
    if not name:
        raise CannotDo("There is no way into the new process, so there is no roll-out to list.")
    rows = [tuple(row.values()) for row in csv.DictReader(io.StringIO(work.text(f"process/{name}")))]
    tests = work.document("reports/integration.json").get("tests", 0)
    before = [
        "The process owner has agreed in writing.",
        "Every measure has its figure of before (process/measures.csv).",
        "Everybody in process/raci.csv is named and trained.",
        "Where the former way was written down it says that it no longer holds.",
    ]
    limits = [f"{item.get('text')} (sentence {item.get('sentence')})" for item in work.listed("constraints")]
    work.write(
        work.produces(".md", "docs/runbook.md"),
        document(
            f"Roll-out: {work.domain.title}",
            ("Before", bullets(before)),
            ("Day by day", table(["Day", "What", "Steps", "Goes on if"], rows)),
            ("What must hold", bullets(limits)),
            (
                "When something is wrong",
                bullets(
                    [
                        "A case is stuck: whoever has it asks the process owner the same day.",
                        "Somebody is away: the role of process/raci.csv that answers for the step does it.",
                        "Nobody uses it: ask why before asking again.",
                    ]
                ),
            ),
            (
                "Going back",
                "process/fallback.csv says for each new step which former ones are taken up again; that was tried on "
                "the two descriptions.",
            ),
            (
                "Checked",
                f"{tests} checks passed when this was written. Again: `python3 -m unittest discover -s tests`.",
            ),
            lead="Assumption: one process owner who may decide.",
        ),
    )
    return f"The roll-out checklist with {len(rows)} days."


def way_back(work: Work) -> list[dict[str, Any]]:
    """Writes process/fallback.csv and tries it: from the new steps back to exactly the former ones."""
    before, after = reading.kept(work, "current"), reading.kept(work, "target")
    dropped = work.document("process/target.json").get("dropped", [])
    texts = {step["number"]: step["text"] for step in before}
    rows: list[tuple[Any, ...]] = [
        (
            step["number"],
            step["text"],
            " ".join(map(str, step["replaces"])) or "none",
            "; ".join(texts[n] for n in step["replaces"]) or "it is left out",
        )
        for step in after
    ]
    if dropped:
        rows.append(("none", "", " ".join(map(str, dropped)), "; ".join(texts[n] for n in dropped)))
    text = csv_text(("new step", "what", "taken up again", "the former way"), rows)
    work.write("process/fallback.csv", text)
    back = [int(n) for row in csv.DictReader(io.StringIO(text)) for n in row["taken up again"].split() if n != "none"]
    return [
        _step("every new step says what is done instead", len(rows) >= len(after)),
        _step("going back gives each former step exactly once", sorted(back) == sorted(texts)),
        _step("the former process is kept in writing", work.has("process/current.md")),
    ]


def _step(name: str, passed: bool) -> dict[str, Any]:
    return {"step": name, "passed": passed, "output": ""}
