"""What every page knows of the site."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """``htmx_config`` for ``<meta name="htmx-config">``, and whether generated code runs unisolated."""
    return {"htmx_config": json.dumps(settings.HTMX_CONFIG), "allow_unisolated": settings.ALLOW_UNISOLATED}
