"""The database's guards, by name, and what they mean to a person.

The triggers and constraints of the migrations refuse with a name; here the name becomes an error with a sentence.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import Error, connection

from apps.core.errors import Conflict

SENTENCES: Mapping[str, str] = {
    "append_only": "What people decided is never changed or deleted.",
    "round_follows_its_definition": "The gate's definition or solo mode has just been changed. Try again.",
    "round_is_frozen": "The round keeps the rule and the evidence that people were shown.",
    "check_is_frozen": "The checks of this round are frozen. A new round can have others.",
    "vote_on_an_open_gate": "This gate is not open any more. Look at it again.",
    "vote_names_the_evidence": "The evidence has changed since you saw it. Look at the difference and decide again.",
    "vote_for_an_own_group": "You can only speak for a group that you belong to.",
    "clearance_read_committed": "Clearances are used in short transactions only.",
    "clearance_revoked": "The clearance of this phase was revoked: nothing of it starts before its gate passes.",
    "one_clearance_in_force": "This phase is cleared already.",
    "clearance_seats_filled": "A seat of the gate's rule is not filled.",
    "clearance_persons_distinct": "Each seat needs a person of its own.",
    "seat_vote_of_this_round": "A seat can only be filled by a vote about this round.",
    "seat_vote_is_latest": "Somebody changed their vote. Look at the gate again.",
    "seat_vote_approves": "A seat can only be filled by a vote that approves.",
    "seat_person_in_group": "Somebody who voted has left the group they spoke for. Look at the gate again.",
    "seat_person_counts": "Who submitted the goal or edited its plan does not count towards a rule of two.",
    "clearance_names_its_override": "An override needs the votes of two persons.",
    "clearance_checks_answered": "A blocking check has not passed and no condition answers for it.",
    "clearance_of_its_gate": "This clearance does not belong to the gate in front of its phase.",
    "clearance_after_its_decision": "The gate has not passed.",
    "clearance_keeps_the_rule": "The clearance has to name the rule of its round.",
    "clearance_follows_the_one_before": "The phase before is not cleared.",
    "clearance_without_objection": "Somebody rejects this round or asks for changes.",
    "clearance_conditions_closed": "A condition that is due at this gate is neither met nor waived.",
    "clearance_has_its_cause": "A clearance comes from a person's start or from a gate's round.",
    "clearance_goal_phase": "This clearance exists already.",
    "person_once_per_clearance": "Each seat needs a person of its own.",
    "seat_once_per_clearance": "This seat is filled already.",
    "attempt_by_its_clearance": "An attempt needs the clearance of its own goal and phase.",
    "attempt_of_its_task": "An attempt belongs to the goal and phase of its task.",
    "attempt_stays_where_it_is": "An attempt keeps its task, goal, phase and clearance.",
    "task_stays_in_its_phase": "A task of an active plan keeps its phase. Make a new version of the plan.",
    "start_of_the_active_plan": "Phase 1 is cleared by a person who starts the goal's active plan.",
    "deliverable_by_its_clearance": "Delivering needs clearance 8 of the same goal.",
    "deliverable_stays_where_it_is": "A deliverable keeps its goal and clearance.",
}


class Guarded(Conflict):
    """The database refused; ``guard`` names the rule."""

    code, title = "guarded", "The database refuses this"

    def __init__(self, guard: str) -> None:
        super().__init__(SENTENCES[guard], guard=guard)
        self.guard = guard


def guard_of(error: BaseException) -> str | None:
    """The name of the guard that raised ``error`` (Django's or psycopg's), or None if it was something else."""
    for cause in (error, error.__cause__):
        name = getattr(getattr(cause, "diag", None), "constraint_name", None)
        if name in SENTENCES:
            return str(name)
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Turn a guard's refusal into ``Guarded``; every other database error passes through."""
    try:
        yield
    except Error as error:
        name = guard_of(error)
        if name is None:
            raise
        raise Guarded(name) from error


def verify_now() -> None:
    """Let the deferred guards look now instead of at the commit, so that a refusal meets the code that caused it."""
    with translated(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
