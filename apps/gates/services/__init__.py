"""Writing gates: rounds, votes, decisions, clearances, conditions and the definitions behind them."""

from apps.gates.services.administration import condition_close, definition_change, solo_mode_switch
from apps.gates.services.clearances import clearance_for_start, clearances_revoke
from apps.gates.services.rounds import (
    checks_store,
    evidence_freeze,
    gates_close,
    gates_create,
    gates_reopen,
    round_begin,
    round_supersede,
)
from apps.gates.services.settling import change_item_answer, decision_settle
from apps.gates.services.votes import vote_cast

__all__ = [
    "change_item_answer",
    "checks_store",
    "clearance_for_start",
    "clearances_revoke",
    "condition_close",
    "decision_settle",
    "definition_change",
    "evidence_freeze",
    "gates_close",
    "gates_create",
    "gates_reopen",
    "round_begin",
    "round_supersede",
    "solo_mode_switch",
    "vote_cast",
]
