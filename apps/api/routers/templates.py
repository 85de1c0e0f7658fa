"""Templates: plans that proved good, to start other goals from (``POST /goals`` with ``template``)."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from apps.api import queries
from apps.api.auth import person_of
from apps.api.creating import IDEMPOTENT, created
from apps.api.paging import Page, Paging, page
from apps.api.schemas.templates import TemplateIn, TemplateOut, TemplatePatch, TemplateRow
from apps.planning.models import PlanTemplate
from apps.planning.templates import template_change, template_list, template_save

router = Router(tags=["plans"])


@router.get("/templates", response=Page[TemplateRow], summary="List templates")
def templates(request: HttpRequest, paging: Paging, retired: bool = False) -> Any:
    """By name: those to start from, or with `retired=true` the others."""
    return page(template_list(retired=retired), paging, order=["name", "id"])


@router.get("/templates/{template_id}", response=TemplateOut, summary="Get a template")
def template_get(request: HttpRequest, template_id: uuid.UUID) -> Any:
    return _one(template_id)


@router.post(
    "/plans/{plan_id}/template",
    response={201: TemplateOut},
    openapi_extra=IDEMPOTENT,
    summary="Save a plan as a template",
)
def template_make(request: HttpRequest, plan_id: uuid.UUID, payload: TemplateIn) -> Any:
    """Keeps its choices, and the tasks that people added or took out."""
    plan, person = queries.one(queries.plans(), "plan", pk=plan_id), person_of(request)

    def make() -> PlanTemplate:
        return _one(template_save(plan=plan, person=person, name=payload.name, summary=payload.summary).pk)

    return created(request, TemplateOut, make)


@router.patch("/templates/{template_id}", response=TemplateOut, summary="Change a template")
def template_patch(request: HttpRequest, template_id: uuid.UUID, payload: TemplatePatch) -> Any:
    """Rename it, retire it, or take that back."""
    template_change(template=_one(template_id), person=person_of(request), **payload.dict(exclude_none=True))
    return _one(template_id)


def _one(template_id: uuid.UUID) -> PlanTemplate:
    found: PlanTemplate = queries.one(template_list(), "template", pk=template_id)
    return found
