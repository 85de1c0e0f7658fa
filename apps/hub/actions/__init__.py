"""What a person can have the hub do: the one place that pages and the API call.

Each action asks the policy, writes in one transaction with its events, and the committed events wake the hub.
"""

from apps.hub.actions.agents import agent_move
from apps.hub.actions.decide import condition_close, escalation_resolve, gate_vote, question_answer, requirement_tick
from apps.hub.actions.drafts import (
    draft_begin,
    draft_discard,
    draft_edit,
    draft_propose,
    draft_redo,
    draft_undo,
    task_change,
)
from apps.hub.actions.goals import (
    approach_choose,
    goal_accept,
    goal_cancel,
    goal_pause,
    goal_replan,
    goal_resume,
    goal_start,
    goal_submit,
)
from apps.hub.actions.intake import facts_correct, goal_plan
from apps.hub.actions.supply import goal_supply
from apps.hub.actions.tasks import task_cancel, task_reassign, task_retry, task_skip
from apps.hub.activating import plan_activate
from apps.tasks.services.pool import pool_change

__all__ = [
    "agent_move",
    "approach_choose",
    "condition_close",
    "draft_begin",
    "draft_discard",
    "draft_edit",
    "draft_propose",
    "draft_redo",
    "draft_undo",
    "escalation_resolve",
    "facts_correct",
    "gate_vote",
    "goal_accept",
    "goal_cancel",
    "goal_pause",
    "goal_plan",
    "goal_replan",
    "goal_resume",
    "goal_start",
    "goal_submit",
    "goal_supply",
    "plan_activate",
    "pool_change",
    "question_answer",
    "requirement_tick",
    "task_cancel",
    "task_change",
    "task_reassign",
    "task_retry",
    "task_skip",
]
