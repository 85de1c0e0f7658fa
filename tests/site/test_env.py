"""The typed readers of the environment: what they take, and what they say when they don't."""

from pathlib import Path

import pytest

from orchestrator_site import env
from orchestrator_site.env import ConfigurationError


def test_text_falls_back_to_its_default_when_absent_or_blank():
    assert env.text("NAME", "x", source={}) == "x"
    assert env.text("NAME", "x", source={"NAME": "  "}) == "x"
    assert env.text("NAME", "x", source={"NAME": " y "}) == "y"


@pytest.mark.parametrize("value", ["0", "65536", "-1", "80 80", "8000.0", "abc", "٣", "1e3"])
def test_an_integer_out_of_range_or_shape_is_refused_with_an_example(value):
    with pytest.raises(ConfigurationError, match=r"PORT is .* a whole number from 1 to 65535. .* PORT=8000"):
        env.integer("PORT", 8000, low=1, high=65535, source={"PORT": value})


def test_an_integer_is_read():
    assert env.integer("PORT", 8000, source={"PORT": "8123"}) == 8123
    assert env.integer("PORT", 8000, source={}) == 8000


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("no", False)]
)
def test_a_boolean_is_read(value, expected):
    assert env.boolean("FLAG", not expected, source={"FLAG": value}) is expected


def test_a_boolean_of_another_word_is_refused():
    with pytest.raises(ConfigurationError, match="FLAG is 'maybe', but must be 1 or 0"):
        env.boolean("FLAG", source={"FLAG": "maybe"})


def test_a_list_has_no_empty_parts():
    assert env.listing("HOSTS", source={"HOSTS": "a, b,,c ,"}) == ["a", "b", "c"]
    assert env.listing("HOSTS", ["x"], source={}) == ["x"]


def test_a_path_is_absolute_and_knows_the_home():
    assert env.path("VAR_DIR", Path("/x"), source={"VAR_DIR": "~/cp"}) == Path.home() / "cp"
    assert env.path("VAR_DIR", Path("/x"), source={"VAR_DIR": "here"}) == Path.cwd() / "here"
    assert env.path("VAR_DIR", Path("/x"), source={}) == Path("/x")


def test_a_path_in_the_home_of_nobody_is_refused():
    with pytest.raises(ConfigurationError, match="VAR_DIR"):
        env.path("VAR_DIR", Path("/x"), source={"VAR_DIR": "~no-such-user-here/cp"})


def test_a_choice_ignores_case_and_names_the_options():
    options = ("DEBUG", "INFO")
    assert env.choice("LOG_LEVEL", "INFO", options=options, source={"LOG_LEVEL": "debug"}) == "DEBUG"
    with pytest.raises(ConfigurationError, match="one of DEBUG, INFO"):
        env.choice("LOG_LEVEL", "INFO", options=options, source={"LOG_LEVEL": "loud"})


@pytest.mark.parametrize("value", ["mysql://u:hunter2@h/d", "hunter2", "postgresql://u:hunter2@h:99999/d"])
def test_a_wrong_url_is_refused_without_repeating_its_password(value):
    with pytest.raises(ConfigurationError, match="DATABASE_URL") as caught:
        env.url("DATABASE_URL", schemes=("postgresql",), source={"DATABASE_URL": value})
    assert "hunter2" not in str(caught.value)


def test_a_url_is_read_as_it_stands():
    value = "postgresql://u:p@h:5432/d?sslmode=require"
    assert env.url("DATABASE_URL", schemes=("postgresql",), source={"DATABASE_URL": value}) == value


@pytest.mark.parametrize("value", ["-1", "1e3", "NaN", "1,5", "1.2.3", "1001", "٣", "."])
def test_an_amount_out_of_range_or_shape_is_refused(value):
    with pytest.raises(ConfigurationError, match=r"PRICE is .* a number from 0 to 1000. .* PRICE=1"):
        env.decimal("PRICE", "1", high="1000", source={"PRICE": value})


def test_an_amount_is_read():
    assert str(env.decimal("PRICE", "0", source={"PRICE": "2.50"})) == "2.50"
    assert env.decimal("PRICE", "1", source={}) == 1


@pytest.mark.parametrize("value", ["qwen3", "ollama:", ":qwen3", "other:qwen3"])
def test_a_tagged_name_of_another_shape_is_refused(value):
    with pytest.raises(ConfigurationError, match="one of openai, ollama, a colon, and a name"):
        env.tagged("MODEL", tags=("openai", "ollama"), example="ollama:qwen3", source={"MODEL": value})


def test_a_tagged_name_is_read():
    def read(source):
        return env.tagged("MODEL", tags=("openai", "ollama"), example="ollama:qwen3", source=source)

    assert read({"MODEL": "Ollama:qwen3:8b"}) == ("ollama", "qwen3:8b")
    assert read({}) == ("", "")
