"""A person's bearer tokens. Made and ended from a session only."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from apps.accounts import selectors, services
from apps.accounts.models import Token
from apps.accounts.policy import require
from apps.api.auth import person_of
from apps.api.creating import IDEMPOTENT, created
from apps.api.paging import Page, Paging, page
from apps.api.queries import one
from apps.api.schemas.people import NewTokenOut, TokenIn, TokenOut

router = Router(tags=["tokens"])


@router.get("/tokens", response=Page[TokenOut], summary="List your tokens")
def token_list(request: HttpRequest, paging: Paging) -> Any:
    return page(selectors.tokens_of(person_of(request)), paging, order=["-created_at", "-id"])


@router.post("/tokens", response={201: NewTokenOut}, openapi_extra=IDEMPOTENT, summary="Make a token")
def token_create(request: HttpRequest, payload: TokenIn) -> Any:
    """The secret is in this answer and nowhere else."""

    def make() -> Any:
        return services.token_create(person=person_of(request), **payload.dict())

    return created(request, NewTokenOut, make, kept=lambda body: {**body, "secret": ""})


@router.post("/tokens/{token_id}/revoke", response=TokenOut, summary="End a token")
def token_revoke(request: HttpRequest, token_id: uuid.UUID) -> Any:
    """It is refused from this moment on; doing it again changes nothing."""
    require(person_of(request), "token.manage")
    token = one(Token.objects.select_related("person"), "token", pk=token_id)
    return services.token_revoke(token=token, by=person_of(request))
