"""Which model is asked, where, and with whose key: by name only."""

import pytest
from django.test import override_settings

from apps.planning.models import ThinkingModel
from apps.planning.thinking.chosen import ChosenModel, NotUsable, configured, key_of, wrong_address, wrong_secret
from tests.planning.thinking.parts import KEY, KEY_NAME


@pytest.mark.parametrize(
    ("provider", "base_url", "address"),
    [
        ("openai", "", "https://api.openai.com/v1"),
        ("anthropic", "", "https://api.anthropic.com"),
        ("ollama", "", "http://127.0.0.1:11434/v1"),
        ("ollama", "http://ollama:11434/", "http://ollama:11434/v1"),
        ("ollama", "http://ollama:11434/v1", "http://ollama:11434/v1"),
        ("openai", "http://localhost:8080/v1/", "http://localhost:8080/v1"),
    ],
)
def test_the_address(provider, base_url, address):
    assert ChosenModel("x", provider, "m", base_url=base_url).address == address


@pytest.mark.parametrize(
    "address",
    [
        "ftp://host",
        "host:11434",
        "http://",
        "http://me:pw@host",
        "http://host:99999",
        "http://host/?a=b",
        "http://[::1",
    ],
)
def test_an_address_that_can_t_be_used_is_said(address):
    assert wrong_address(address)


@pytest.mark.parametrize("name", ["sk-abcdef", "SECRET_KEY", "DATABASE_URL", "ADMIN_PASSWORD", "lower_case", "A B"])
def test_the_name_of_a_secret_is_a_name_and_not_one_of_ours(name):
    assert wrong_secret(name)
    with pytest.raises(NotUsable):
        key_of(ChosenModel("x", "openai", "m", secret=name))


def test_a_key_pasted_into_the_field_of_the_name_is_not_repeated():
    with pytest.raises(NotUsable) as caught:
        key_of(ChosenModel("x", "openai", "m", secret=KEY))
    assert KEY not in str(caught.value)


def test_the_key_is_read_when_it_is_needed(monkeypatch):
    model = ChosenModel("x", "openai", "m", secret=KEY_NAME)
    monkeypatch.delenv(KEY_NAME, raising=False)
    with pytest.raises(NotUsable, match=KEY_NAME):
        key_of(model)
    monkeypatch.setenv(KEY_NAME, KEY)
    assert key_of(model) == KEY
    assert KEY not in repr(model)
    monkeypatch.setenv(KEY_NAME, "two\nlines")
    with pytest.raises(NotUsable, match="can't be sent"):
        key_of(model)


@pytest.mark.django_db
def test_the_admin_s_model_goes_before_that_of_the_environment():
    def named() -> str:
        found = configured()
        return found.shown if found else ""

    assert named() == ""
    with override_settings(PLANNING_MODEL=("ollama", "qwen3")):
        assert named() == "ollama:qwen3"
        row = ThinkingModel.objects.create(name="ours", provider="anthropic", model="claude", active=False)
        assert named() == "ollama:qwen3"
        ThinkingModel.objects.filter(pk=row.pk).update(active=True)
        assert named() == "anthropic:claude"
