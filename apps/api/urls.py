"""The API's addresses, and one answer for every address that is none."""

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from apps.api import problems
from apps.api.api import api
from apps.api.openapi import document

app_name = "api"


@csrf_exempt
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """The OpenAPI document: what this API is is no secret."""
    return JsonResponse(document())


def _patterns() -> list[URLPattern]:
    found = []
    for pattern in api.urls[0]:
        assert isinstance(pattern, URLPattern)
        if pattern.name == "api-root":
            continue  # the framework's page at the root, which is none
        pattern.callback = problems.as_problem(pattern.callback)
        found.append(pattern)
    return found


urlpatterns = [
    path("openapi.json", problems.as_problem(openapi), name="openapi-json"),
    *_patterns(),
    path("", csrf_exempt(problems.nothing_here), name="api-root"),
    path("<path:path>", csrf_exempt(problems.nothing_here), name="nothing-here"),
]
