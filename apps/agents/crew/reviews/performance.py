"""The performance engineer: the real service with 200 records, its times, and how many statements a request costs."""

import functools
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from apps.agents.crew.backend import storage_of
from apps.agents.crew.domain import Feature
from apps.agents.crew.pyliteral import fill
from apps.agents.crew.reviews.checks import Check, check, leave, not_run
from apps.agents.crew.running import NotStarted, ask, serving
from apps.agents.crew.work import Work

RECORDS = 200
ROUNDS = 4
REQUESTS = 20
SLOWEST_MS = 300.0  # at the 95th percentile; assumed, the brief gives no figure
READS = frozenset({"list", "search", "count", "total", "sort", "export"})


def review(work: Work) -> str:
    made: list[Callable[[Work], Check | None]] = [sizes_known]
    if work.packet.phase >= 3:
        made.append(within_budget)
    if work.packet.phase >= 4:
        made += [requests_fast, no_query_for_each_row]
    if work.packet.phase >= 5:
        made.append(pages_small)
    return leave(work, "performance", [functools.partial(maker, work) for maker in made])


def sizes_known(work: Work) -> Check:
    sizes = work.document("architecture/estimate.json").get("sizes", {})
    if not sizes:
        return not_run("sizes_known", "There is no estimate of sizes yet.", tool="estimate.json")
    assumed = [name for name, item in sizes.items() if isinstance(item, dict) and item.get("assumed")]
    sentence = f"{len(sizes)} sizes are given, {len(assumed)} of them assumed."
    return check("sizes_known", [], sentence, blocking=False, tool="estimate.json", proof=sizes)


def within_budget(work: Work) -> Check:
    found = work.document("infrastructure/cost.json")
    if found.get("within_budget") is None:
        return not_run("within_budget", "No budget was given, or there is no cost yet.", tool="cost.json")
    faults = (
        []
        if found["within_budget"]
        else [f"{found.get('monthly')} a month is above the budget of {found.get('budget')}."]
    )
    return check(
        "within_budget",
        faults,
        f"{found.get('monthly')} a month is within the budget.",
        blocking=False,
        tool="cost.json",
    )


def _reads(work: Work) -> list[Feature]:
    return [f for f in work.domain.features if f.operation in READS and f.entity and f.method == "GET"]


def requests_fast(work: Work) -> Check:
    if not work.has("service/app.py"):
        return not_run("requests_fast", "There is no service to measure.", tool="http")
    features = _reads(work)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        filled = work.python(
            ["-c", fill("measure_fill"), str(data), str(RECORDS), json.dumps(_samples(work))], seconds=60
        )
        if not filled.ok:
            return check(
                "requests_fast", [f"{RECORDS} records cannot be kept: {filled.output[-200:]}"], "", tool="http"
            )
        try:
            with serving(work.root, data) as address:
                slow = {f.slug: _slowest(address + f.path, f) for f in features}
                slow["healthz"] = _slowest(f"{address}/healthz", None)
        except NotStarted as error:
            return check("requests_fast", [str(error)], "", tool="http")
    faults = [
        f"{name} takes {value:.0f} ms at the 95th percentile." for name, value in slow.items() if value > SLOWEST_MS
    ]
    worst = max(slow.values())
    sentence = (
        f"{len(slow)} addresses with {RECORDS} records, the slowest {worst:.0f} ms at the 95th percentile "
        f"(assumed limit {SLOWEST_MS:.0f})."
    )
    proof = {
        "p95_ms": {name: round(value, 1) for name, value in slow.items()},
        "records": RECORDS,
        "requests": REQUESTS,
    }
    return check("requests_fast", faults, sentence, tool="http", proof=proof)


def _samples(work: Work) -> dict[str, dict[str, Any]]:
    return {entity.slug: {field.name: field.sample for field in entity.fields} for entity in work.domain.entities}


def _slowest(address: str, feature: Feature | None) -> float:
    """Milliseconds at the 95th percentile, of the best of a few rounds: what else the machine does can only add, so
    an address is slow if it is slow each time."""
    best = float("inf")
    for _ in range(ROUNDS):
        times = _times(address, feature)
        best = min(best, times[int(len(times) * 0.95)])
        if best <= SLOWEST_MS:
            break
    return best


def _times(address: str, feature: Feature | None) -> list[float]:
    """Milliseconds of each request, in ascending order."""
    query = "?q=some" if feature and feature.operation == "search" else ""
    times = []
    for _ in range(REQUESTS):
        before = time.perf_counter()
        ask(address + query)
        times.append((time.perf_counter() - before) * 1000)
    return sorted(times)


def no_query_for_each_row(work: Work) -> Check:
    name = "no_query_for_each_row"
    if not work.has("service/store.py"):
        return not_run(name, "There is no store.", tool="sqlite trace")
    if storage_of(work) != "sqlite" or "sqlite3" not in work.text("service/store.py"):
        return not_run(name, "The store has no statements to count.", tool="sqlite trace")
    given = [[f.module, {"q": "some"} if f.operation == "search" else {}] for f in _reads(work)]
    ran = work.python(["-c", fill("measure_statements"), json.dumps(given), json.dumps(_samples(work))], seconds=60)
    if not ran.ok:
        return check(name, [f"Statements could not be counted: {ran.output[-200:]}"], "", tool="sqlite trace")
    counts: dict[str, list[int]] = json.loads(ran.output.strip().splitlines()[-1])
    faults = [
        f"{module} needs {few} statements for 20 records and {many} for {RECORDS}."
        for module, (few, many) in counts.items()
        if many > few + 2
    ]
    sentence = f"{len(counts)} reading features need as many statements for {RECORDS} records as for 20."
    return check(name, faults, sentence, tool="sqlite trace", proof={"statements": counts})


def pages_small(work: Work) -> Check:
    files = work.files("pages/*")
    if not files:
        return not_run("pages_small", "There are no pages.", tool="files")
    sizes = {name: work.path(name).stat().st_size for name in files}
    faults = [f"{name} has {size} bytes." for name, size in sizes.items() if size > 200_000]
    return check(
        "pages_small",
        faults,
        f"The largest of {len(files)} pages has {max(sizes.values())} bytes.",
        blocking=False,
        tool="files",
    )
