"""Writing JSON: the same bytes for the same object, whether it was just made or is read again."""

from typing import Any

from django.http import HttpRequest
from ninja.renderers import BaseRenderer
from pydantic_core import to_json


class JsonRenderer(BaseRenderer):
    """Times to the microsecond in UTC, money as text; what is no number (infinite) is null."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data, inf_nan_mode="null")
