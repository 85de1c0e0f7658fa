"""Questions, escalations and conditions: what needs a person besides gates."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from apps.api import queries
from apps.api.auth import person_of
from apps.api.paging import Page, Paging, page
from apps.api.schemas.gates import ConditionCloseIn, ConditionOut
from apps.api.schemas.needs import AnswerIn, EscalationOut, QuestionOut, ResolveIn
from apps.hub import actions

router = Router(tags=["inbox"])


@router.get("/questions", response=Page[QuestionOut], summary="List questions")
def question_list(
    request: HttpRequest, paging: Paging, goal: uuid.UUID | None = None, answered: bool | None = None
) -> Any:
    """Newest first. Unanswered, a question's default holds as an assumption."""
    rows = queries.questions()
    rows = rows.filter(goal=goal) if goal else rows
    rows = rows.filter(answered_at__isnull=not answered) if answered is not None else rows
    return page(rows, paging, order=["-asked_at", "id"])


@router.post("/questions/{question_id}/answer", response=QuestionOut, summary="Answer a question")
def question_answer(request: HttpRequest, question_id: uuid.UUID, payload: AnswerIn) -> Any:
    question = queries.one(queries.questions(), "question", pk=question_id)
    actions.question_answer(question=question, person=person_of(request), answer=payload.answer)
    return queries.one(queries.questions(), "question", pk=question_id)


@router.get("/escalations", response=Page[EscalationOut], summary="List escalations")
def escalation_list(
    request: HttpRequest,
    paging: Paging,
    goal: uuid.UUID | None = None,
    status: Literal["", "open", "resolved", "expired"] = "",
) -> Any:
    """Newest first."""
    rows = queries.escalations()
    rows = rows.filter(goal=goal) if goal else rows
    rows = rows.filter(status=status) if status else rows
    return page(rows, paging, order=["-raised_at", "id"])


@router.post("/escalations/{escalation_id}/resolve", response=EscalationOut, summary="Resolve an escalation")
def escalation_resolve(request: HttpRequest, escalation_id: uuid.UUID, payload: ResolveIn) -> Any:
    escalation = queries.one(queries.escalations(), "escalation", pk=escalation_id)
    actions.escalation_resolve(escalation=escalation, person=person_of(request), resolution=payload.resolution)
    return queries.one(queries.escalations(), "escalation", pk=escalation_id)


@router.get("/conditions", response=Page[ConditionOut], summary="List conditions")
def condition_list(
    request: HttpRequest,
    paging: Paging,
    goal: uuid.UUID | None = None,
    status: Literal["", "open", "met", "waived"] = "",
) -> Any:
    """What was demanded with conditional approvals, by due phase."""
    rows = queries.conditions()
    rows = rows.filter(goal=goal) if goal else rows
    rows = rows.filter(status=status) if status else rows
    return page(rows, paging, order=["due_phase", "id"])


@router.post("/conditions/{condition_id}/close", response=ConditionOut, summary="Close a condition")
def condition_close(request: HttpRequest, condition_id: uuid.UUID, payload: ConditionCloseIn) -> Any:
    """Say that it is met, or waive it, and why. From a session only."""
    condition = queries.one(queries.conditions(), "condition", pk=condition_id)
    person = person_of(request)
    actions.condition_close(condition=condition, person=person, status=payload.status, words=payload.words)
    return queries.one(queries.conditions(), "condition", pk=condition_id)
