"""The OpenAPI document: what the framework knows, and the problems that every endpoint may answer with."""

import json
from functools import cache
from typing import Any

from apps.api.api import api
from apps.api.problems import MEDIA_TYPE

PREFIX = "/api/v1/"
_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem details. `code` is the stable name; `fields` maps a field to words.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
_ANSWER = {
    "description": "Why it was not done",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


@cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1, as plain JSON."""
    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX), default=str))
    schema["servers"] = [{"url": "/"}]
    schema["components"]["schemas"]["Problem"] = _PROBLEM
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = _ANSWER
    return schema
