"""Paths and sentences with placeholders: ``{feature.module}``, ``{features.module}``, ``{goal.title}``, ``{storage}``.

A placeholder in the singular is what the task is for; in the plural it stands for all, so that one template gives as
many paths as there are. A path whose placeholder has no value (a feature without an entity) is left out.
"""

import re
from collections.abc import Mapping
from typing import Any

from apps.engine.facts import Entity, Facts, Feature

PLACEHOLDER = re.compile(r"\{([a-z_]+)(?:\.([a-z_]+))?\}")
ATTRIBUTES = {
    "feature": ("slug", "module", "title", "entity_module", "entity"),
    "entity": ("slug", "module", "name", "fields"),
    "goal": ("title", "kind", "feature_count", "entity_count"),
}
PLURALS = {"features": "feature", "entities": "entity"}


class UnknownPlaceholder(ValueError):
    """The template has a placeholder that nothing fills."""

    def __init__(self, name: str, template: str) -> None:
        super().__init__(f"Nothing fills '{{{name}}}' in the template '{template}'.")


def module_name(slug: str) -> str:
    """A slug as the name of a Python module.

    >>> module_name("add-note")
    'add_note'
    """
    return slug.replace("-", "_")


def fill(template: str, facts: Facts, binding: Mapping[str, str], choices: Mapping[str, str]) -> str:
    """A sentence with its placeholders filled; a plural gives all values with commas.

    >>> from apps.engine.facts import extract_facts
    >>> facts = extract_facts("Notes", "Users can add and search notes.")
    >>> fill("Build {feature.title} of {goal.title}", facts, {"feature": "add-notes"}, {})
    'Build Add notes of Notes'
    >>> fill("{features.slug} in {storage}", facts, {}, {"storage": "files"})
    'add-notes, search-notes in files'
    """

    def one(match: re.Match[str]) -> str:
        return ", ".join(_values(match, template, facts, binding, choices))

    return PLACEHOLDER.sub(one, template)


def expand(template: str, facts: Facts, binding: Mapping[str, str], choices: Mapping[str, str]) -> list[str]:
    """The paths that a template stands for: none, one, or one for each feature or entity.

    >>> from apps.engine.facts import extract_facts
    >>> facts = extract_facts("Notes", "Users can add and search notes.")
    >>> expand("service/features/{features.module}.py", facts, {}, {})
    ['service/features/add_notes.py', 'service/features/search_notes.py']
    >>> expand("tests/test_{feature.module}.py", facts, {"feature": "add-notes"}, {})
    ['tests/test_add_notes.py']
    """
    match = PLACEHOLDER.search(template)
    if match is None:
        return [template]
    before, after = template[: match.start()], template[match.end() :]
    values = [value for value in _values(match, template, facts, binding, choices) if value]
    return [before + value + rest for value in values for rest in expand(after, facts, binding, choices)]


def _values(
    match: re.Match[str], template: str, facts: Facts, binding: Mapping[str, str], choices: Mapping[str, str]
) -> list[str]:
    name, attribute = match.group(1), match.group(2) or ""
    full = match.group()[1:-1]
    if name in PLURALS and attribute in ATTRIBUTES[PLURALS[name]]:
        things: tuple[Any, ...] = facts.features if name == "features" else facts.entities
        return [_attribute(thing, attribute, facts) for thing in things]
    if name == "goal" and attribute in ATTRIBUTES["goal"]:
        return [_goal(facts, attribute)]
    if name in binding and attribute in ATTRIBUTES.get(name, ()):
        things = facts.features if name == "feature" else facts.entities
        return [_attribute(thing, attribute, facts) for thing in things if thing.slug == binding[name]]
    if not attribute and name in choices:
        return [choices[name]]
    raise UnknownPlaceholder(full, template)


def _goal(facts: Facts, attribute: str) -> str:
    counts = {"feature_count": len(facts.features), "entity_count": len(facts.entities)}
    return str(counts[attribute]) if attribute in counts else str(getattr(facts, attribute))


def _attribute(thing: Feature | Entity, attribute: str, facts: Facts) -> str:
    if attribute == "module":
        return module_name(thing.slug)
    if attribute == "entity_module":
        entity = getattr(thing, "entity", "")
        return module_name(entity) if any(entity == known.slug for known in facts.entities) else ""
    value = getattr(thing, attribute)
    return ", ".join(value) if isinstance(value, tuple) else str(value)
