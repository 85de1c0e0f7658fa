"""One's own page (time zone, keys, password, tokens), and for admins the people, their groups, and solo mode."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from apps.accounts import selectors, services
from apps.accounts.models import ROLES, Person, Token
from apps.accounts.policy import require
from apps.core.errors import Invalid, NotAllowed
from apps.dashboard.forms.people import PersonForm, PreferencesForm, TokenForm
from apps.dashboard.pages.controls import refusal
from apps.dashboard.replies import acted, refused
from apps.dashboard.views.signed_in import person_of
from apps.gates.rules import solo_mode
from apps.gates.services import solo_mode_switch


def _preferences(person: Person) -> PreferencesForm:
    return PreferencesForm(initial={"time_zone": person.time_zone, "keys_enabled": person.keys_enabled})


def _me(request: HttpRequest, status: int = 200, **changed: Any) -> HttpResponse:
    person = person_of(request)
    context = {
        "nav_active": "me",
        "me": person,
        "groups": list(person.seat_groups.all()),
        "tokens": list(selectors.tokens_of(person)),
        "preferences": _preferences(person),
        "token_form": TokenForm(),
        "password_form": _password_form(person),
    }
    return render(request, "people/me.html", context | changed, status=status)


def _password_form(person: Person, data: Any = None) -> PasswordChangeForm:
    form = PasswordChangeForm(person, data, label_suffix="")
    # The page has more than this form: it must not take the focus.
    form.fields["old_password"].widget.attrs.pop("autofocus", None)
    return form


@login_required
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    return _me(request)


@login_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _me(request, 422, preferences=form)
    services.preferences_save(person=person_of(request), **form.cleaned_data)
    messages.success(request, "Saved.")
    return redirect("me")


@sensitive_post_parameters()
@login_required
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; this session stays, all others end."""
    form = _password_form(person_of(request), request.POST)
    if not form.is_valid():
        return _me(request, 422, password_form=form)
    form.save()
    update_session_auth_hash(request, form.user)
    messages.success(request, "Your password is changed. Other sessions of yours have ended.")
    return redirect("me")


@never_cache
@login_required
@require_POST
def token_new(request: HttpRequest) -> HttpResponse:
    """Make a token. Its secret is in this answer and nowhere else."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _me(request, 422, token_form=form)
    try:
        made = services.token_create(person=person_of(request), **form.cleaned_data)
    except Invalid as error:
        form.take_words(error)
        return _me(request, error.status, token_form=form)
    except NotAllowed as error:
        return refused(request, error, back="/me")
    return _me(request, made=made)


@login_required
@require_POST
def token_revoke(request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Token.objects.select_related("person"), pk=token_id)

    def perform() -> str:
        services.token_revoke(token=found, by=person_of(request))
        return f"The token “{found.name}” is refused from now on."

    return acted(request, perform, back="/me", leave=True)


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    return _people(request)


def _people(request: HttpRequest, form: PersonForm | None = None, status: int = 200) -> HttpResponse:
    """For admins alone."""
    try:
        require(person_of(request), "person.edit")
    except NotAllowed as error:
        return refused(request, error, back="/")
    groups = list(selectors.groups())
    rows: list[dict[str, Any]] = [
        {"person": one, "groups": {group.slug for group in one.seat_groups.all()}} for one in selectors.people()
    ]
    voters = sum(bool(row["groups"]) and row["person"].is_active for row in rows)
    context = {
        "nav_active": "people",
        "rows": rows,
        "all_groups": groups,
        "roles": ROLES,
        "form": form or PersonForm(groups=groups),
        "solo": solo_mode(),
        "solo_why_not": "" if voters > 1 else "Add a second person and put them into a group first.",
        "definition_why_not": refusal(person_of(request), "gate_definition.edit"),
    }
    return render(request, "people/people.html", context, status=status)


@sensitive_post_parameters()
@login_required
@require_POST
def person_new(request: HttpRequest) -> HttpResponse:
    by = person_of(request)
    try:
        require(by, "person.edit")
    except NotAllowed as error:
        return refused(request, error, back="/")
    form = PersonForm(request.POST, groups=list(selectors.groups()))
    if not form.is_valid():
        return _people(request, form, 422)
    try:
        made = services.person_create(by=by, **form.cleaned_data)
    except Invalid as error:
        form.take_words(error)
        return _people(request, form, error.status)
    messages.success(request, f"{made} can sign in now.")
    return redirect("people")


@login_required
@require_POST
def person_change(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Role, groups, and whether somebody may sign in."""
    found, by = get_object_or_404(Person, pk=person_id), person_of(request)
    wanted: dict[str, Any] = {
        "role": request.POST.get("role", ""),
        "groups": request.POST.getlist("groups"),
        "active": "active" in request.POST,
    }

    def perform() -> str:
        require(by, "person.edit", found)
        services.person_update(person=found, by=by, **wanted)
        return f"{found} is changed."

    return acted(request, perform, back="/people", leave=True)


@login_required
@require_POST
def solo(request: HttpRequest) -> HttpResponse:
    """Switch solo mode; it applies to rounds that begin afterwards."""
    on = request.POST.get("on") == "yes"

    def perform() -> str:
        solo_mode_switch(on=on, person=person_of(request))
        return "Solo mode is on." if on else "Solo mode is off: gates ask their groups from the next round on."

    return acted(request, perform, back="/people", leave=True)


urlpatterns = [
    path("me", me, name="me"),
    path("me/preferences", preferences, name="me-preferences"),
    path("me/password", password, name="me-password"),
    path("me/tokens", token_new, name="token-new"),
    path("me/tokens/<uuid:token_id>/revoke", token_revoke, name="token-revoke"),
    path("people", people, name="people"),
    path("people/new", person_new, name="person-new"),
    path("people/solo", solo, name="solo"),
    path("people/<uuid:person_id>", person_change, name="person-change"),
]
