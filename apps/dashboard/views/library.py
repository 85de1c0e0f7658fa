"""The method library: one version, readable; the editor for admins; going back; the text to download."""

import uuid
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.models import Person
from apps.accounts.policy import require
from apps.core.errors import CommandPostError, Conflict, Invalid, NotAllowed
from apps.dashboard.pages import library as pages
from apps.dashboard.replies import acted, refused
from apps.dashboard.views.signed_in import person_of
from apps.goals import selectors as goals
from apps.goals.models import Goal
from apps.planning import trial, versions
from apps.planning.models import MethodLibrary
from apps.planning.selectors import library_active

LONGEST_NUMBER = 9


def _active() -> MethodLibrary:
    return library_active() or versions.library_seed()


@login_required
@require_GET
def library(request: HttpRequest) -> HttpResponse:
    return _page(request, _active())


@login_required
@require_GET
def version(request: HttpRequest, number: int) -> HttpResponse:
    return _page(request, _version(number))


def _version(number: int) -> MethodLibrary:
    if number >= 10**LONGEST_NUMBER:
        raise Http404
    return get_object_or_404(MethodLibrary.objects.select_related("changed_by"), version=number)


def _page(request: HttpRequest, found: MethodLibrary) -> HttpResponse:
    context = {"nav_active": "library"} | pages.whole(found, person_of(request))
    return render(request, "library/page.html", context)


@login_required
@require_GET
def download(request: HttpRequest, number: int) -> HttpResponse:
    """The text of a version, as a file."""
    found = _version(number)
    response = HttpResponse(found.content, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{quote(f"method-library-{number}.yaml")}"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """The editor. A post checks, tries or saves; whatever comes of it, the text that was sent is shown again."""
    person, active = person_of(request), _active()
    try:
        require(person, "library.edit")
    except NotAllowed as error:
        return refused(request, error, back="/library")
    if request.method == "GET":
        return _editor(request, person, active, content=active.content, base=active.version, given={})
    content, base = request.POST.get("content", ""), _number(request.POST.get("base", ""))
    given: dict[str, Any] = {name: request.POST.get(name, "") for name in ("note", "title", "brief", "goal")}
    do = {"try": _try, "save": _save}.get(request.POST.get("do", ""), _check)
    status = 200
    try:
        done = do(request, person, content, base, given)
        if done is not None:
            return done
    except Invalid as error:
        status, given["errors"] = error.status, error.fields
        _check(request, person, content, base, given)
    except Conflict as error:
        status, given["conflict"] = error.status, error.detail
    except CommandPostError as error:
        return refused(request, error, back="/library")
    return _editor(request, person, _active(), content=content, base=base, given=given, status=status)


def _editor(
    request: HttpRequest,
    person: Person,
    active: MethodLibrary,
    *,
    content: str,
    base: int,
    given: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context = pages.draft(active, person, content=content, base=base, given=given)
    return render(request, "library/edit.html", context | {"nav_active": "library"}, status=status)


def _check(request: HttpRequest, person: Person, content: str, base: int, given: dict[str, Any]) -> None:
    checked = versions.library_check(content=content)
    given |= {"checked": checked, "found": pages.grouped(checked.problems)}


def _try(request: HttpRequest, person: Person, content: str, base: int, given: dict[str, Any]) -> None:
    brief, title = given["brief"], given["title"]
    chosen = _goal(given["goal"])
    if chosen is not None and not brief.strip():
        brief, title = goals.brief_text(goal=chosen), chosen.title
    given["trial"] = tried = trial.library_try(person=person, content=content, title=title, brief=brief)
    given["kind"] = tried.kind.replace("_", " ")


def _goal(text: str) -> Goal | None:
    if not text:
        return None
    try:
        return Goal.objects.filter(pk=uuid.UUID(text)).first()
    except ValueError as error:
        raise Invalid({"brief": "There is no such goal."}) from error


def _save(request: HttpRequest, person: Person, content: str, base: int, given: dict[str, Any]) -> HttpResponse:
    made = versions.library_save(person=person, content=content, note=given["note"], base=base)
    messages.success(request, f"Version {made.version} is saved and plans from now on.")
    return redirect("library")


@login_required
@require_POST
def back(request: HttpRequest, number: int) -> HttpResponse:
    """A new version with the content of an older one."""

    def perform() -> str:
        base = _number(request.POST.get("base", ""))
        made = versions.library_return(person=person_of(request), version=number, base=base)
        return f"Version {made.version} has the content of version {number} and plans from now on."

    return acted(request, perform, back="/library", leave=True)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


urlpatterns = [
    path("library", library, name="library"),
    path("library/edit", edit, name="library-edit"),
    path("library/versions/<int:number>", version, name="library-version"),
    path("library/versions/<int:number>/download", download, name="library-download"),
    path("library/versions/<int:number>/back", back, name="library-back"),
]
