"""docs/configuration.md names each variable that is read, and no other."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
_READ = re.compile(
    r"(?:\benv\.(?:text|choice|integer|decimal|tagged|boolean|listing|path|url)|service_url)\(\s*\"([A-Z_]+)\""
)
_DIRECT = re.compile(r"os\.(?:environ\b(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|getenv)")
# The door itself, the start as another role, and the hand-over to child processes.
_MAY_TOUCH = {"orchestrator_site/env.py", "orchestrator_site/supervisor/services.py"}


def _sources() -> dict[str, str]:
    files = [path for part in ("orchestrator_site", "apps") for path in sorted((PROJECT / part).rglob("*.py"))]
    return {str(path.relative_to(PROJECT)): path.read_text(encoding="utf-8") for path in files}


def test_the_table_and_the_code_name_the_same_variables():
    read = {name for text in _sources().values() for name in _READ.findall(text)}
    page = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))
    assert documented == read


def test_the_environment_is_read_through_the_one_door():
    # The crew runs alone in its sandbox, with the standard library only.
    touched = {
        name for name, text in _sources().items() if _DIRECT.search(text) and not name.startswith("apps/agents/crew/")
    }
    assert touched <= _MAY_TOUCH
