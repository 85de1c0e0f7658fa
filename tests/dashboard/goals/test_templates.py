"""Templates in the browser: saved from a plan, listed, renamed, retired, started from; refused with words."""

import uuid

import pytest
from django.test import Client

from apps.goals.models import Goal
from apps.planning.models import PlanTemplate
from apps.planning.services import goal_plan
from apps.planning.templates import template_change, template_save
from tests import factories
from tests.goals.conftest import lead
from tests.planning.test_goal_plan import planned, proposed

__all__ = ["lead"]
pytestmark = pytest.mark.django_db

BRIEF = "A web application for a school. A teacher can add a pupil and search pupils."


def browser(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def page(lead):
    return browser(lead)


@pytest.fixture
def plan(lead):
    return proposed(goal=planned(lead))


def text(response) -> str:
    return str(response.content.decode())


def test_the_list_says_how_to_make_one_while_there_is_none(page):
    assert "There are no templates yet" in text(page.get("/templates"))


def test_a_plan_is_saved_from_its_page_and_stands_in_the_list(page, plan):
    address = f"/plans/{plan.pk}/template"
    assert address in text(page.get(f"/goals/{plan.goal_id}/plan"))
    assert "Save the template" in text(page.get(address))

    assert page.post(address, {"name": "Small shop", "summary": "Lends things."}).headers["Location"] == "/templates"

    listed = text(page.get("/templates"))
    template = PlanTemplate.objects.get()
    assert "Small shop" in listed
    assert "Lends things." in listed
    assert "web application" in listed
    assert f"/goals/new?template={template.pk}" in listed


def test_a_name_that_cannot_be_given_comes_back_with_words_and_what_was_typed(page, plan):
    response = page.post(f"/plans/{plan.pk}/template", {"name": " ", "summary": "Lends things."})

    assert response.status_code == 422
    assert "Give the template a name" in text(response)
    assert "Lends things." in text(response)


def test_it_is_renamed_retired_and_taken_back(page, lead, plan):
    template = template_save(plan=plan, person=lead, name="Shop")
    page.post(f"/templates/{template.pk}", {"name": "Small shop", "summary": "New"})
    page.post(f"/templates/{template.pk}/retire", {"retired": "1"})
    template.refresh_from_db()
    assert (template.name, template.summary, template.retired) == ("Small shop", "New", True)
    assert "1 retired" in text(page.get("/templates"))

    page.post(f"/templates/{template.pk}/retire", {"retired": "0"})
    template.refresh_from_db()
    assert not template.retired


def test_a_goal_starts_from_the_one_that_was_chosen(page, lead, plan):
    template = template_save(plan=plan, person=lead, name="Small shop")
    form = text(page.get(f"/goals/new?template={template.pk}"))
    assert f'<option value="{template.pk}" selected>' in form

    response = page.post("/goals/new", {"title": "Pupils", "brief": BRIEF, "template": str(template.pk)})

    assert response.status_code == 302
    goal = Goal.objects.get(title="Pupils")
    assert goal.planning["template"] == str(template.pk)
    if goal.status == "draft":
        page.post(f"/goals/{goal.pk}/intake", {"act": "plan"})
    goal_plan(goal_id=goal.pk)
    assert "from template “Small shop”" in text(page.get(f"/goals/{goal.pk}/plan"))


@pytest.mark.parametrize("chosen", ["nonsense", "5f0c1c3e-0f5a-4a0e-9a53-2f6f0f0f7f11", "retired"])
def test_one_that_cannot_be_started_from_is_refused_with_words(page, lead, plan, chosen):
    if chosen == "retired":
        template = template_save(plan=plan, person=lead, name="Shop")
        template_change(template=template, person=lead, retired=True)
        chosen = str(template.pk)

    response = page.post("/goals/new", {"title": "Pupils", "brief": BRIEF, "template": chosen})

    assert response.status_code == 422
    assert "template" in text(response)
    assert BRIEF in text(response)
    assert not Goal.objects.filter(title="Pupils").exists()


def test_who_may_not_is_told_and_nothing_changes(lead, plan):
    template = template_save(plan=plan, person=lead, name="Shop")
    other = browser(factories.person(role="operator"))
    assert "As operator you may not save or change templates" in text(other.get("/templates"))
    assert "disabled" in text(other.get(f"/plans/{plan.pk}/template"))

    other.post(f"/templates/{template.pk}/retire", {"retired": "1"})
    other.post(f"/templates/{template.pk}", {"name": "Mine"})
    other.post(f"/plans/{plan.pk}/template", {"name": "Mine"})

    assert list(PlanTemplate.objects.values_list("name", "retired")) == [("Shop", False)]


def test_strangers_and_wrong_addresses(page, plan):
    assert Client().get("/templates").status_code == 302
    assert page.get(f"/templates/{uuid.uuid4()}").status_code == 404
    assert page.get(f"/plans/{uuid.uuid4()}/template").status_code == 404
    assert page.post("/templates").status_code == 405


def test_the_list_takes_as_many_queries_for_ten_as_for_one(page, lead, plan, django_assert_max_num_queries):
    for number in range(10):
        template_save(plan=plan, person=lead, name=f"Shop {number}")
    # session, person, the header's inbox, two lists
    with django_assert_max_num_queries(12):
        page.get("/templates")
