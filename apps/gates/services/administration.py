"""What admins and owners change around gates: definitions, solo mode, conditions."""

from typing import Any

from django.db import connection, transaction

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core import audit, clock, events
from apps.core.actors import person_actor
from apps.core.errors import Conflict, Invalid
from apps.core.models import SYSTEM_STREAM, InstallationSetting
from apps.core.transitions import move
from apps.engine.seats import Rule, RuleError
from apps.gates import rules
from apps.gates.definitions import CODES, newest
from apps.gates.models import Condition, GateDefinition

EDITABLE = (
    "title",
    "question",
    "blocking_checks",
    "advisory_checks",
    "reviews",
    "required_artifacts",
    "rule",
    "review_minutes",
    "deadline_hours",
    "undo_seconds",
)
_LISTS = ("blocking_checks", "advisory_checks", "reviews", "required_artifacts")
_RANGES = {"review_minutes": (1, 1440), "deadline_hours": (1, 2000), "undo_seconds": (0, 3600)}
_DEFINITION_LOCK = 0x67617465  # "gate"


@transaction.atomic
def definition_change(*, code: str, person: Person, **changes: Any) -> GateDefinition:
    """Make a new version of a gate's definition; rounds that have begun keep theirs. Raises ``Invalid``."""
    policy.require(person, "gate_definition.edit")
    problems = _problems(code, changes)
    if problems:
        raise Invalid(problems)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_DEFINITION_LOCK])
    old = newest(code)
    kept = {name: getattr(old, name) for name in EDITABLE}
    changed = {name: {"was": kept[name], "is": value} for name, value in changes.items() if value != kept[name]}
    if not changed:
        return old
    new = GateDefinition.objects.create(
        code=code, version=old.version + 1, phase=old.phase, changed_by=person, **{**kept, **changes}
    )
    _tell("gate_definition.changed", f"gate_definition:{code}", person, {"version": new.version, "changed": changed})
    return new


def _problems(code: str, changes: dict[str, Any]) -> dict[str, str]:
    problems = {name: f"A gate's definition has no field '{name}'." for name in changes if name not in EDITABLE}
    if code not in CODES:
        problems["code"] = f"There is no gate '{code}'."
    for name in _LISTS:
        value = changes.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            problems[name] = "This must be a list of names."
    for name, (low, high) in _RANGES.items():
        value = changes.get(name, low)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            problems[name] = f"This must be a whole number from {low} to {high}."
    for name, longest in (("title", 80), ("question", 160)):
        value = changes.get(name, "x")
        if not isinstance(value, str) or not value.strip() or len(value) > longest or "\x00" in value:
            problems[name] = f"This must be a text of at most {longest} characters."
    try:
        Rule.from_json(changes["rule"]) if "rule" in changes else None
    except RuleError as error:
        problems["rule"] = str(error)
    return problems


@transaction.atomic
def solo_mode_switch(*, on: bool, person: Person) -> bool:
    """Switch solo mode; it applies to rounds that begin afterwards. Off needs a second person who can vote."""
    policy.require(person, "gate_definition.edit")
    voters = Person.objects.filter(is_active=True, seat_groups__isnull=False).distinct().count()
    if not on and voters < 2:
        raise Conflict("Add a second person and give them a group first: alone, nobody could pass QG-PHASE7.")
    was = rules.solo_mode()
    InstallationSetting.objects.update_or_create(name=rules.SOLO_SETTING, defaults={"value": on})
    if was != on:
        _tell("solo_mode.switched", "setting:solo_mode", person, {"on": on})
    return on


@transaction.atomic
def condition_close(*, condition: Condition, person: Person, status: str, words: str) -> Condition:
    """A person says that a condition is met, or waives it, with a reason."""
    policy.require(person, "condition.close", condition)
    if status not in {"met", "waived"}:
        raise Invalid({"status": "A condition is closed as met or as waived."})
    if not words.strip() or "\x00" in words:
        raise Invalid({"words": "Say in a few words how it was met, or why it is waived."})
    actor, data = person_actor(person), {"status": status, "words": words, "text": condition.text}
    move(
        condition,
        status,
        actor=actor,
        data={"words": words},
        closed_by=person,
        closed_at=clock.now(),
        closing_words=words,
    )
    audit.append(actor=actor, what="condition.closed", subject=f"condition:{condition.pk}", data=data)
    return condition


def _tell(what: str, subject: str, person: Person, data: dict[str, Any]) -> None:
    actor = person_actor(person)
    audit.append(actor=actor, what=what, subject=subject, data=data)
    events.record(events.Happening(SYSTEM_STREAM, what, subject, data), actor=actor)
