"""An admin sets a model up, tries it, and reads in words what came; its key is named and never shown."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts import services as accounts
from apps.accounts.models import Person
from apps.core.models import AuditLink
from apps.planning.models import ThinkingModel
from tests.goals.conftest import lead
from tests.planning.thinking.parts import KEY, KEY_NAME, model_row
from tests.support.modelserver import Raw, model_server

__all__ = ["lead"]
pytestmark = pytest.mark.django_db
ADD = "admin:planning_thinkingmodel_add"


@pytest.fixture
def client(db):
    accounts.admin_ensure(username="chief")
    client = Client()
    client.force_login(Person.objects.get(username="chief"))
    return client


def given(**more):
    return {
        "name": "ours", "provider": "ollama", "model": "qwen3", "base_url": "http://ollama:11434", "secret": "",
        "input_price": "0", "output_price": "0", "cost_limit": "1", "seconds_limit": "60", "active": "on", **more,
    }  # fmt: skip


def tried(client, row):
    response = client.post(reverse("admin:planning_thinkingmodel_try", args=[row.pk]), follow=True)
    return " ".join(str(message) for message in response.context["messages"])


def test_a_model_is_set_up_and_audited(client):
    assert client.post(reverse(ADD), given()).status_code == 302
    row = ThinkingModel.objects.get()
    assert (row.base_url, row.active) == ("http://ollama:11434", True)
    assert AuditLink.objects.filter(what="thinking_model.set").count() == 1


def test_making_one_active_ends_the_other_s_turn(client):
    client.post(reverse(ADD), given())
    assert client.post(reverse(ADD), given(name="second")).status_code == 302
    assert list(ThinkingModel.objects.filter(active=True).values_list("name", flat=True)) == ["second"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("base_url", "http://me:pw@host", "name or password"),
        ("base_url", "ftp://host", "must begin with http"),
        ("secret", KEY, "never the key itself"),
        ("secret", "SECRET_KEY", "a secret of this installation"),
        ("seconds_limit", "241", "240"),
        ("cost_limit", "-1", "less than nothing"),
    ],
)
def test_what_can_t_be_used_gets_words_beside_the_field(client, field, value, words):
    response = client.post(reverse(ADD), given(**{field: value}))
    assert words in str(response.context["adminform"].form.errors[field])
    assert not ThinkingModel.objects.exists()


def test_it_can_be_tried(client, monkeypatch):
    monkeypatch.setenv(KEY_NAME, KEY)
    with model_server() as server:
        row = model_row(server)
        page = client.get(reverse("admin:planning_thinkingmodel_change", args=[row.pk]))
        assert "Try it" in page.content.decode()
        assert "openai:scripted answers." in tried(client, row)
        assert server.heard[0].headers["authorization"] == f"Bearer {KEY}"


def test_what_is_wrong_is_said(client, monkeypatch):
    monkeypatch.setenv(KEY_NAME, KEY)
    with model_server(trial=Raw(KEY.encode(), 401)) as server:
        words = tried(client, model_row(server))
    assert "does not accept the key (401)" in words
    assert KEY not in words


def test_looking_asks_nothing(client, monkeypatch):
    monkeypatch.setenv(KEY_NAME, KEY)
    with model_server() as server:
        row = model_row(server)
        assert client.get(reverse("admin:planning_thinkingmodel_try", args=[row.pk])).status_code == 405
        assert server.heard == []


def test_only_an_admin_may_try(lead):
    client = Client()
    client.force_login(lead)
    with model_server() as server:
        row = model_row(server)
        assert client.post(reverse("admin:planning_thinkingmodel_try", args=[row.pk])).status_code == 302
        assert server.heard == []
