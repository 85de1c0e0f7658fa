"""Home, and the fragments of it that are read again."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from apps.dashboard.examples import EXAMPLES
from apps.dashboard.live.board import site_seq
from apps.dashboard.pages import home as pages
from apps.dashboard.views.signed_in import person_of


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {"nav_active": "home", "site_seq": site_seq()}
    return render(request, "home/page.html", context | pages.whole(person_of(request)) | {"examples": EXAMPLES})


@login_required
@require_GET
def fragment(request: HttpRequest, name: str) -> HttpResponse:
    """One live region of Home, by the name that the push sends."""
    if name == "home-goals":
        context = pages.goals() | {"examples": EXAMPLES}
    elif name == "home-needs":
        context = pages.needing(person_of(request))
    elif name == "home-slots":
        context = pages.slots()
    elif name == "home-figures":
        found = pages.slots() | pages.needing(person_of(request))
        context = found | pages.figures_of(found)
    else:
        raise Http404
    return render(request, f"home/_{name.removeprefix('home-')}.html", context)


urlpatterns = [
    path("", home, name="home"),
    path("home/<slug:name>", fragment, name="home-fragment"),
]
