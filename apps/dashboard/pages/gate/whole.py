"""The gate's page put together, for the first look and for each live region alike."""

from collections.abc import Callable, Mapping
from typing import Any

from apps.accounts.models import Person
from apps.dashboard.live.topics import goal_topic
from apps.dashboard.pages.gate import awaits, changes, effects, figures, files, panel, quality, records
from apps.dashboard.pages.gate.panel import Draft
from apps.gates.models import Gate
from apps.gates.selectors import GatePage, gate_page
from apps.goals.selectors import stream_seq
from apps.hub import resupplying
from apps.tasks.supplied import first_phase_of

TABS: Mapping[str, tuple[str, str]] = {
    "exceptions": ("Exceptions", "alert-triangle"),
    "difference": ("Difference", "replace"),
    "artifacts": ("Artifacts", "folder"),
    "trace": ("Trace", "target"),
    "cost": ("Cost and time", "coin"),
    "packets": ("Packets", "package"),
    "history": ("History", "history"),
}
Query = Mapping[str, str]
_CONTEXTS: Mapping[str, Callable[[GatePage, Query], dict[str, Any]]] = {
    "exceptions": lambda page, query: records.exceptions(page),
    "difference": lambda page, query: files.difference(page, query.get("since", "")),
    "artifacts": lambda page, query: files.artifacts(page, query.get("path", "")),
    "trace": lambda page, query: figures.trace(page),
    "cost": lambda page, query: figures.cost(page),
    "packets": lambda page, query: records.packets(page, query.get("attempt", "")),
    "history": lambda page, query: records.history(page),
}


def base(page: GatePage) -> dict[str, Any]:
    """What every part of the page knows."""
    return {"page": page, "gate": page.gate, "goal": page.gate.goal, "round": page.round}


def head(page: GatePage) -> dict[str, Any]:
    return base(page)


def body(page: GatePage, seen: str | None) -> dict[str, Any]:
    parts = {"effects": effects.effects(page.gate, page.round)} | quality.quality(page) | changes.changes(page)
    return base(page) | parts | awaits.awaits(page) | {"seen": seen or "", "stale": is_stale(page, seen)}


def is_stale(page: GatePage, seen: str | None) -> bool:
    """Whether the open page shows, or showed, other evidence than people decide on now."""
    digest = page.round.evidence_digest if page.round else ""
    return seen is not None and seen != digest and page.gate.status in ("open", "deciding")


def panel_live(page: GatePage, person: Person, session: Mapping[str, Any], seen: str | None) -> dict[str, Any]:
    supplied = resupplying.only_supplied(page.gate)
    found = panel.panel(page, person, session, seen=seen, supplied=supplied)
    return base(page) | found | {"seen": seen or "", "only_supplied": supplied}


def tab(page: GatePage, name: str, query: Query) -> dict[str, Any]:
    """One tab: its context and the bar of tabs."""
    root = f"/gates/{page.gate.pk}"
    bar = [
        {"key": key, "title": title, "icon": icon, "href": f"{root}?tab={key}"} for key, (title, icon) in TABS.items()
    ]
    return base(page) | {"tab": name, "tabs": bar} | _CONTEXTS[name](page, query)


def whole(
    gate: Gate, person: Person, session: Mapping[str, Any], *, tab_name: str, query: Query, draft: Draft | None = None
) -> dict[str, Any]:
    """Everything. The stream's number is read first: what happens meanwhile is pushed and read again."""
    seq = stream_seq(stream=gate.goal_id)
    page = gate_page(gate=gate, person=person)
    seen = page.round.evidence_digest if page.round else ""
    conditions = {"manual": list(gate.goal.requirements.filter(kind="manual")) if gate.phase == 6 else []}
    return {
        "nav_active": "inbox",
        "topic": goal_topic(gate.goal_id),
        "seq": seq,
        "draft": draft or Draft(),
        "anchors": files.anchors(page),
        **conditions,
        "supplied_paths": resupplying.paths_of(gate) if first_phase_of(gate.goal) > gate.phase else [],
        **body(page, seen),
        **panel_live(page, person, session, seen),
        **panel.forms(page, person),
        **tab(page, tab_name, query),
    }
