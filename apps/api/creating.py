"""Endpoints that create: one place that honours ``Idempotency-Key``."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import Schema

from apps.api.auth import person_of
from apps.core.idempotency import Answer, once

HEADER = "Idempotency-Key"
# For the OpenAPI document of every endpoint that goes through ``created``.
IDEMPOTENT: dict[str, Any] = {
    "parameters": [
        {
            "name": HEADER,
            "in": "header",
            "required": False,
            "description": "A repeat within 24 hours gets the first answer and does nothing; another body gives 422.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
        }
    ]
}


def created(
    request: HttpRequest,
    shape: type[Schema],
    make: Callable[[], Any],
    *,
    kept: Callable[[Any], Any] = lambda body: body,
) -> JsonResponse:
    """The whole new object with 201. ``kept`` is what a repeat is told (a secret is not kept)."""
    fresh: dict[str, Any] = {}

    def perform() -> Answer:
        fresh["body"] = shape.from_orm(make()).model_dump(mode="json")
        return Answer(201, kept(fresh["body"]))

    key = request.headers.get(HEADER)
    if key is None:
        answer = perform()
    else:
        actor = f"person:{person_of(request).pk}"
        answer = once(
            key=key, actor=actor, route=f"{request.method} {request.path}"[:200], body=request.body, perform=perform
        )
    response = JsonResponse(fresh.get("body", answer.body), status=answer.status, safe=False)
    if answer.repeated:
        response["Idempotency-Replayed"] = "true"
    return response
