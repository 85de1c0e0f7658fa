"""How each status looks: a tone (colour), an icon and a word, as data. Never a colour alone.

A tone says what the status means to the person who looks: ``human`` needs a person, ``run`` is work going on,
``good`` and ``bad`` are ends, ``warn`` is trouble that mends itself, ``review`` is being judged or thought about,
``neutral`` waits its turn, ``quiet`` is out of play. ``static/css/tokens.css`` has the colours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
TONES = ("neutral", "quiet", "run", "human", "good", "bad", "warn", "review")


@dataclass(frozen=True)
class Look:
    """What is shown for a status. ``word`` is shown, ``icon`` is a name in the sprite, ``tone`` one of ``TONES``."""

    tone: str
    icon: str
    word: str


def _looks(table: str) -> dict[str, Look]:
    """Read lines of ``status tone icon [word …]``; without a word the status itself is shown."""
    looks = {}
    for line in table.strip().splitlines():
        status, tone, icon, *words = line.split()
        looks[status] = Look(tone, icon, " ".join(words) or status.replace("_", " ").capitalize())
    return looks


LOOKS: Mapping[str, Mapping[str, Look]] = {
    "goal": _looks(
        """
        draft quiet pencil
        planning review loader
        proposed human user-check Needs your start
        running run loader
        paused neutral player-pause
        delivering run loader
        delivered human package
        accepted good circle-check
        failed bad circle-x
        cancelled quiet ban
        """
    ),
    "plan": _looks(
        """
        draft quiet pencil
        proposed human user-check
        active good circle-check
        superseded quiet replace
        discarded quiet ban
        """
    ),
    "task": _looks(
        """
        blocked quiet lock
        ready neutral clock
        dispatched run send
        running run loader
        waiting human hourglass Waiting for a person
        merging run git-merge
        conflict warn git-branch
        retrying warn rotate
        reopened warn arrow-back-up
        completed good check
        escalated human hand-stop
        skipped quiet player-skip
        cancelled quiet ban
        """
    ),
    "attempt": _looks(
        """
        dispatched run send
        running run loader
        waiting human hourglass Waiting for a person
        succeeded good check
        failed bad x
        expired warn clock
        cancelled quiet ban
        """
    ),
    "gate": _looks(
        """
        pending quiet circle-dashed
        reviewing review loader
        open human user-check Needs a decision
        deciding human hourglass
        passed good check
        changes_requested warn arrow-back-up
        rejected bad x
        closed quiet archive
        """
    ),
    "condition": _looks(
        """
        open human circle-dot
        met good check
        waived warn user-check
        """
    ),
    "agent": _looks(
        """
        active good circle-check
        busy run loader
        draining warn hourglass
        disabled quiet player-pause
        quarantined bad shield
        unreachable bad plug-off
        retired quiet archive
        """
    ),
    "escalation": _looks(
        """
        open human bell
        resolved good check
        expired quiet clock
        """
    ),
    "question": _looks(
        """
        open human message-question
        answered good check
        defaulted neutral check Default taken
        """
    ),
    "check": _looks(
        """
        passed good check
        failed bad x
        not_run warn circle-minus Not run
        """
    ),
    "vote": _looks(
        """
        approve good check Approve
        approve_with_conditions good list Approve with conditions
        request_changes warn arrow-back-up Request changes
        reject bad x Reject
        withdraw quiet arrow-back-up Withdrawn
        override bad shield Override
        """
    ),
    "requirement": _looks(
        """
        testable run checks
        manual human hand-click
        declined quiet ban
        """
    ),
    "slot": _looks(
        """
        free quiet circle-dashed
        held run loader
        """
    ),
}


def status_look(thing: str, status: str) -> Look:
    """Return how ``status`` of ``thing`` looks; an unknown one is shown by its own word, in the neutral tone."""
    look = LOOKS.get(thing, {}).get(status)
    return look or Look("neutral", "circle-dot", status.replace("_", " ").capitalize())


def status_classes(thing: str, status: str) -> str:
    """Return the CSS classes that colour something by its status, such as ``tone-run status-running``.

    What is no letter or digit becomes ``-``: the classes are safe in markup whatever the status is.
    """
    return f"tone-{status_look(thing, status).tone} status-{_UNSAFE.sub('-', status)}"
