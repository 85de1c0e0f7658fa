"""The admin: edits what is written down; no status, nothing append-only, and no way through a gate."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from apps.accounts import services as accounts
from apps.accounts.models import Person, Token
from apps.agents.models import Agent
from apps.core.models import AuditLink, Event
from apps.gates.models import Clearance, Gate, GateDefinition, Vote
from apps.tasks.models import Pool, Slot
from tests.api.conftest import owner_person
from tests.api.world import world_made

__all__ = ["owner_person"]
pytestmark = pytest.mark.django_db
REGISTERED = [
    model for model in apps.get_models() if model.__module__.startswith("apps.") and admin.site.is_registered(model)
]
APPEND_ONLY = [model for model in apps.get_models() if getattr(model, "append_only", False)]


def name(model):
    return f"{model._meta.app_label}_{model._meta.model_name}"


@pytest.fixture
def chief(db):
    accounts.admin_ensure(username="chief")
    return Person.objects.get(username="chief")


@pytest.fixture
def client(chief):
    client = Client()
    client.force_login(chief)
    return client


@pytest.fixture
def world(owner_person):
    return world_made(owner_person).start()


def form_of(client, model, row):
    """What the page's form would send if nobody changed anything."""
    response = client.get(reverse(f"admin:{name(model)}_change", args=[row.pk]))
    assert response.status_code == 200
    form = response.context["adminform"].form
    given = {}
    for bound in form:
        if bound.field.show_hidden_initial:
            given[bound.html_initial_name] = bound.value()
        given[bound.html_name] = bound.value() if bound.value() is not None else ""
    for inline in response.context["inline_admin_formsets"]:
        for bound in inline.formset.management_form:
            given[bound.html_name] = bound.value()
        for one in inline.formset:
            for bound in one:
                given[bound.html_name] = bound.value() if bound.value() is not None else ""
    return {key: value for key, value in given.items() if value is not False}


def save(client, model, row, **changes):
    given = {**form_of(client, model, row), **changes}
    return client.post(reverse(f"admin:{name(model)}_change", args=[row.pk]), given)


@pytest.mark.parametrize("model", REGISTERED, ids=name)
def test_every_list_can_be_looked_at(client, world, model):
    world.attempt()
    assert client.get(reverse(f"admin:{name(model)}_changelist")).status_code == 200


@pytest.mark.parametrize("model", REGISTERED, ids=name)
def test_no_status_can_be_edited_and_nothing_deleted(rf, chief, model):
    request = rf.get("/")
    request.user = chief
    site = admin.site.get_model_admin(model)
    assert not site.has_delete_permission(request)
    if "status" in {field.name for field in model._meta.get_fields()} and site.has_change_permission(request):
        assert "status" in site.get_readonly_fields(request, None)


@pytest.mark.parametrize("model", APPEND_ONLY, ids=name)
def test_append_only_things_are_only_looked_at(rf, chief, model):
    if not admin.site.is_registered(model):
        return  # then there is no page at all
    request = rf.get("/")
    request.user = chief
    site = admin.site.get_model_admin(model)
    assert not site.has_add_permission(request)
    # The page of a definition makes a new version (below), and leaves the row as it is.
    assert not site.has_change_permission(request) or model is GateDefinition


@pytest.mark.parametrize("model", [Gate, Vote, Clearance], ids=name)
def test_nothing_here_passes_a_gate(client, world, model):
    before = (Vote.objects.count(), Clearance.objects.count())
    assert client.post(reverse(f"admin:{name(model)}_add"), {"status": "passed"}).status_code == 403
    gate = world.gate
    path = reverse("admin:gates_gate_change", args=[gate.pk])
    assert client.post(path, {"status": "passed"}).status_code == 403
    assert world.gate.status == "pending"
    assert (Vote.objects.count(), Clearance.objects.count()) == before


def test_only_admins_come_in(owner_person):
    client = Client()
    client.force_login(owner_person)
    assert client.get(reverse("admin:index")).status_code == 302


def test_an_edit_of_a_definition_is_a_new_version(client, world):
    old = GateDefinition.objects.get(code="QG-PHASE1")
    assert save(client, GateDefinition, old, question="Is it really what we want?").status_code == 302
    versions = GateDefinition.objects.filter(code="QG-PHASE1").order_by("version")
    assert [row.version for row in versions] == [1, 2]
    assert versions[0].question == old.question
    assert (versions[1].question, str(versions[1].changed_by)) == ("Is it really what we want?", "chief")
    assert AuditLink.objects.filter(what="gate_definition.changed").count() == 1
    assert client.post(reverse("admin:gates_gatedefinition_change", args=[old.pk]), {}).status_code == 403


def test_a_definition_that_can_t_be_gets_words_beside_the_field(client, world):
    old = GateDefinition.objects.get(code="QG-PHASE1")
    response = save(client, GateDefinition, old, rule='{"seats": []}')
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["rule"]
    assert GateDefinition.objects.filter(code="QG-PHASE1").count() == 1


def test_the_registry_can_be_edited_but_for_the_status(client, world):
    agent = Agent.objects.get(slug="builder")
    assert save(client, Agent, agent, name="Mason", status="retired", slug="other").status_code == 302
    agent.refresh_from_db()
    assert (agent.name, agent.status, agent.slug) == ("Mason", "active", "builder")
    event = Event.objects.filter(type="agent.changed").latest("pk")
    assert event.data["changed"] == ["name"]


def test_the_pool_can_be_edited_and_slots_follow(client, world):
    pool = Pool.objects.get()
    assert save(client, Pool, pool, slots=12).status_code == 302
    assert Slot.objects.filter(pool=pool).count() >= 12
    assert AuditLink.objects.get(what="pool.changed").data == {"slots": 12}
    response = save(client, Pool, pool, slots=51)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors


def test_people_are_changed_through_the_services(client, owner_person):
    response = save(client, Person, owner_person, role="admin", seat_groups=[])
    assert response.status_code == 302, response.context["adminform"].form.errors
    owner_person.refresh_from_db()
    assert (owner_person.role, owner_person.is_superuser, owner_person.seat_groups.count()) == ("admin", True, 0)
    link = AuditLink.objects.filter(what="person.changed").latest("seq")
    assert (link.data["before"]["role"], link.actor["name"]) == ("lead", "chief")


def test_the_last_admin_stays_one(client, chief):
    response = save(client, Person, chief, role="viewer")
    assert "last admin" in str(response.context["adminform"].form.errors)
    chief.refresh_from_db()
    assert chief.role == "admin"


def test_people_are_added_with_a_role_and_groups(client, chief):
    groups = [group.pk for group in chief.seat_groups.filter(slug="quality")]
    given = {"username": "nina", "password1": "a long sentence", "password2": "a long sentence", "email": ""}
    response = client.post(
        reverse("admin:accounts_person_add"),
        {**given, "usable_password": "true", "role": "operator", "seat_groups": groups},
    )
    assert response.status_code == 302, response.context["adminform"].form.errors
    nina = Person.objects.get(username="nina")
    assert (nina.role, nina.is_active, nina.is_staff) == ("operator", True, False)
    assert [group.slug for group in nina.seat_groups.all()] == ["quality"]


def test_tokens_are_ended_here_and_their_digest_is_not_shown(client, chief):
    made = accounts.token_create(person=chief, name="script", scopes=["read"])
    page = client.get(reverse("admin:accounts_token_change", args=[made.token.pk])).content.decode()
    assert made.token.digest not in page
    given = {"action": "revoke", "_selected_action": [str(made.token.pk)]}
    assert client.post(reverse("admin:accounts_token_changelist"), given).status_code == 302
    assert Token.objects.get().revoked_at is not None
