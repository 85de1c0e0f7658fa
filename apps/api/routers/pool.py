"""The pool, and accepted files."""

import base64
import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from apps.api import queries
from apps.api.auth import person_of
from apps.api.paging import Page, Paging, page
from apps.api.schemas.agents import PoolOut, PoolPatch
from apps.api.schemas.plans import ArtifactOut, ArtifactRow
from apps.hub import actions
from apps.tasks.models import Blob, Pool

router = Router(tags=["pool"])


@router.get("/pool", response=PoolOut, summary="Get the pool")
def pool_get(request: HttpRequest) -> Any:
    """Slots and who holds them, and the settings."""
    return queries.pool()


@router.patch("/pool", response=PoolOut, summary="Change the pool")
def pool_patch(request: HttpRequest, payload: PoolPatch) -> Any:
    """Settings of design §8, for those who may edit the pool."""
    pool = queries.one(Pool.objects.order_by("pk"), "pool")
    actions.pool_change(person=person_of(request), pool=pool, **payload.dict(exclude_none=True))
    return queries.pool()


@router.get("/goals/{goal_id}/artifacts", response=Page[ArtifactRow], summary="List accepted files")
def artifact_list(request: HttpRequest, goal_id: uuid.UUID, paging: Paging) -> Any:
    """The files that are in force in the goal's workspace, by path."""
    rows = queries.artifacts().filter(goal=queries.goal(goal_id), current=True, deleted=False)
    return page(rows, paging, order=["path", "id"])


@router.get("/artifacts/{artifact_id}", response=ArtifactOut, summary="Get an accepted file")
def artifact_get(request: HttpRequest, artifact_id: uuid.UUID) -> Any:
    """With its content. An agent wrote it: show it as text."""
    artifact = queries.one(queries.artifacts(), "artifact", pk=artifact_id)
    blob = Blob.objects.filter(pk=artifact.sha256).first()
    raw = bytes(blob.content) if blob else b""
    try:
        artifact.content, artifact.encoding = raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        artifact.content, artifact.encoding = base64.b64encode(raw).decode(), "base64"
    return artifact
