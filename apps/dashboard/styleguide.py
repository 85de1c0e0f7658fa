"""The style guide: every component with example data, on one page. A page for developers, shown only with DEBUG."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.dashboard.statuses import LOOKS
from apps.dashboard.svg import Edge, GateMark, Lane, Node, TimelineBar, TimelineGate, render_graph, render_timeline

_PHASES = ("Requirements", "Architecture", "Infrastructure", "Backend", "Frontend", "Integration", "Deployment")
_GATES = ("passed", "passed", "passed", "open", "pending", "pending", "pending")
_TITLES = {
    1: ("Analyse the brief", "Write acceptance criteria", "List open questions"),
    2: ("Decide the architecture", "Specify the service", "Write the contract", "List threats and estimate"),
    3: ("Configure the service", "Price the infrastructure"),
    4: (
        "Lay the foundation",
        "Add a note",
        "Find notes by tag",
        "Lend a book",
        "Remind a reader",
        "Assemble the service",
    ),
    5: ("Draw the style", "Page: notes", "Page: loans", "Page: start"),
    6: ("Test end to end", "Cover requirements"),
    7: ("Write the runbook", "Prepare the release", "Try the rollback"),
}
_LATE = {4: ("completed", "completed", "running", "retrying", "escalated", "blocked")}
_CRITICAL = {"1-0", "1-1", "2-0", "2-1", "2-2", "3-0", "4-0", "4-3", "4-5", "5-0", "5-1", "6-0", "7-1", "7-2"}


def _status(phase: int, index: int) -> str:
    return _LATE[phase][index] if phase in _LATE else "completed" if phase < 4 else "blocked"


def example_nodes() -> list[Node]:
    return [
        Node(f"{phase}-{i}", title, phase, _status(phase, i), f"{6 + 4 * i} min", f"{phase}-{i}" in _CRITICAL, "#tasks")
        for phase, titles in _TITLES.items()
        for i, title in enumerate(titles)
    ]


def _pairs() -> Iterator[tuple[str, str, str]]:
    yield from (("1-0", "1-1", "requirements.json"), ("1-0", "1-2", "requirements.json"))
    yield from (("1-1", "2-0", "acceptance.json"), ("2-0", "2-1", "decisions.md"), ("2-1", "2-2", "specification.md"))
    yield from (("2-1", "2-3", "specification.md"), ("2-2", "3-0", "openapi.json"), ("3-0", "3-1", "settings.toml"))
    yield from ((("2-2", "4-0", "openapi.json")), ("3-0", "4-0", "settings.toml"))
    yield from (("4-0", f"4-{feature}", "store.py") for feature in (1, 2, 3, 4))
    yield from ((f"4-{feature}", "4-5", "features") for feature in (1, 2, 3, 4))
    yield from (("4-5", "5-0", "app.py"), ("5-0", "5-1", "style.css"), ("5-0", "5-2", "style.css"))
    yield from (("5-0", "5-3", "style.css"), ("5-1", "6-0", "notes.html"), ("6-0", "6-1", "integration.json"))
    yield from (("6-0", "7-1", "integration.json"), ("7-1", "7-2", "start.sh"), ("4-5", "7-0", "app.py"))


def example_bars() -> list[TimelineBar]:
    bars, start = [], 0.0
    for phase, titles in _TITLES.items():
        for i, title in enumerate(titles):
            begin, length = start + (i // 2) * 14, 12.0 + 3 * i
            done = phase < 4
            bars.append(
                TimelineBar(
                    f"{phase}-{i}",
                    f"{phase} {_PHASES[phase - 1]}",
                    title,
                    begin,
                    begin + length,
                    _status(phase, i),
                    f"{phase}-{i}" in _CRITICAL,
                    begin + 1 if done else None,
                    begin + length + (4 if i % 2 else -2) if done else None,
                    "#tasks",
                )
            )
        start += 14.0 * ((len(titles) + 1) // 2) + 12
    return bars


def example_context() -> dict[str, Any]:
    """Return the data of the style guide. Nothing of it comes from the database."""
    now = timezone.now()
    nodes, bars = example_nodes(), example_bars()
    ends = {phase: max(bar.end for bar in bars if bar.id.startswith(f"{phase}-")) + 4 for phase in _TITLES}
    return {
        "nav_active": "home",
        "inbox_count": 3,
        "solo_mode": True,
        "unisolated": False,
        "person": {"name": "Ada Lovelace", "username": "ada", "role": "Admin, in every group", "is_admin": True},
        "tones": ("neutral", "quiet", "run", "human", "good", "bad", "warn", "review"),
        "looks": {thing: list(statuses) for thing, statuses in LOOKS.items()},
        "phases": [_phase(number) for number in range(1, 8)],
        "graph": render_graph(
            nodes,
            [Edge(*pair) for pair in _pairs()],
            lanes=[Lane(n, _PHASES[n - 1], f"{len(_TITLES[n])} tasks", n == 4) for n in range(1, 8)],
            gates=[GateMark(n, f"QG-PHASE{n}", _GATES[n - 1], "#gate") for n in range(1, 8)],
        ),
        "timeline": render_timeline(
            bars, gates=[TimelineGate(f"QG-PHASE{n}", ends[n], _GATES[n - 1], "#gate") for n in _TITLES], now=118
        ),
        "tabs": [
            {"key": "needs", "title": "Needs you", "href": "#inbox", "count": 3, "icon": "user-check"},
            {"key": "waiting", "title": "Waiting on others", "href": "#inbox", "count": 2},
            {"key": "decided", "title": "Decided", "href": "#inbox", "count": 41},
            {"key": "all", "title": "All", "href": "#inbox", "count": 46},
        ],
        "checks": _checks(),
        "seats": [
            {"group": "engineering", "person": "Grace Hopper", "verdict": "approve"},
            {"group": "owner's group", "person": "", "verdict": ""},
        ],
        "slots": [{"number": n, "held": n <= 4, "title": "Find notes by tag", "href": "#tasks"} for n in range(1, 11)],
        "files": _files(),
        "code_lines": [
            "def lend(book, reader):",
            '    """Lend a book for four weeks."""',
            "    return book.to(reader)",
        ],
        "marked": [2],
        "ago": now - timedelta(minutes=7),
        "soon": now + timedelta(seconds=10),
        "due": now + timedelta(hours=5),
    }


def _phase(number: int) -> dict[str, Any]:
    total = len(_TITLES[number])
    done = sum(_status(number, i) == "completed" for i in range(total))
    tone, icon, word = (
        ("good", "check", "Done")
        if number < 4
        else ("human", "user-check", "At the gate")
        if number == 4
        else ("", "", "")
    )
    gate = {"code": f"QG-PHASE{number}", "status": _GATES[number - 1], "href": "#gate"}
    return {
        "number": number,
        "name": _PHASES[number - 1],
        "done": done,
        "total": total,
        "share": f"{done / total:.3f}",
        "tone": tone,
        "icon": icon,
        "word": word,
        "href": "#tasks",
        "current": number == 4,
        "gate": gate,
    }


def _checks() -> list[dict[str, Any]]:
    return [
        {
            "name": "Tests pass",
            "result": "failed",
            "blocking": True,
            "sentence": "2 of 41 tests fail: test_lend refuses a second loan, test_remind sends one mail too many.",
            "proof": "FAIL: test_refuses_second_loan (tests.test_lend.Lend)\nAssertionError: 200 != 409",
            "tool": "unittest",
        },
        {
            "name": "Performance",
            "result": "not_run",
            "blocking": False,
            "sentence": "The performance engineer had not answered after 10 minutes.",
            "proof": "",
            "tool": "performance-engineer",
        },
        {
            "name": "Contract matches",
            "result": "passed",
            "blocking": True,
            "sentence": "All 14 operations answer as the contract says.",
            "proof": "",
            "tool": "contract check",
        },
    ]


def _files() -> list[dict[str, Any]]:
    lines = [
        {"kind": "hunk", "text": "@@ lend.py: def lend @@"},
        {"kind": "same", "old": 11, "new": 11, "text": "def lend(book, reader):"},
        {"kind": "removed", "old": 12, "text": "    return book.to(reader)"},
        {"kind": "added", "new": 12, "text": "    if book.is_lent:"},
        {"kind": "added", "new": 13, "text": '        raise Conflict("This book is with another reader.")'},
        {"kind": "added", "new": 14, "text": "    return book.to(reader)"},
        {"kind": "same", "old": 13, "new": 15, "text": ""},
    ]
    return [{"path": "service/features/lend.py", "added": 3, "removed": 1, "lines": lines}]


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the style guide; without DEBUG there is none."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "styleguide/page.html", example_context())
