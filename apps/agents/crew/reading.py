"""Reading the facts of a goal as a domain: what each feature does, to what, and under which address."""

import re
from dataclasses import replace
from typing import Any

from apps.agents.crew import naming, verbs
from apps.agents.crew.domain import Domain, Entity, Feature, Field
from apps.agents.crew.vocabulary import DATES, NUMBERS, SMALL_WORDS


def field_of(title: str, taken: set[str]) -> Field:
    words = set(naming.plain(title).split())
    kind = "number" if words & NUMBERS else "date" if words & DATES else "text"
    name = naming.identifier(title, "field", reserved=naming.FIELD_RESERVED)
    return Field(naming.unique(name, taken), naming.one_line(title, 60), kind)


def _entities(facts: dict[str, Any], amendments: list[dict[str, str]]) -> list[Entity]:
    found: list[Entity] = []
    modules: set[str] = set()
    plurals: set[str] = {"features", "forms", "pages", "healthz"}
    language = str(facts.get("language") or "en")
    for item in _objects(facts, "entities"):
        slug = str(item.get("slug") or item.get("name") or "thing")
        titles = [str(title) for title in item.get("fields") or () if str(title).strip()]
        titles = titles or _fields_in_titles(facts, slug)
        assumed = not titles
        added = [a["field"] for a in amendments if a.get("kind") == "field" and a.get("entity") in naming.forms(slug)]
        taken: set[str] = set()
        fields = tuple(field_of(title, taken) for title in dict.fromkeys([*(titles or ["name", "notes"]), *added]))
        module = naming.unique(slug.replace("-", "_"), modules)
        found.append(
            Entity(
                slug=slug,
                name=naming.one_line(str(item.get("name") or slug), 60),
                module=module,
                plural=naming.unique(naming.plural(naming.slug(slug, "thing"), language), plurals, separator="-"),
                fields=fields[:20],
                sentence=int(item.get("sentence") or 0),
                assumed=assumed,
                many=naming.plural(naming.one_line(str(item.get("name") or slug), 60), language),
            )
        )
    return found


_WITH = re.compile(r"\b(?:with|mit|avec|con)\s+(.{2,160})$", re.I)
_PARTS = re.compile(r",|\s(?:and|or|und|oder|et|ou|y|o)\s", re.I)
_DETERMINER = re.compile(r"^(?:an?|the|its|their|one|der|die|das|eine?n?|une?|le|la|les|el|los|las)\s+", re.I)


def _fields_in_titles(facts: dict[str, Any], slug: str) -> list[str]:
    """Fields that a feature names for what it keeps: "add notes with a title and a due date" gives title, due date."""
    for item in _objects(facts, "features"):
        title = str(item.get("title") or "")
        keeps = verbs.operation_of(str(item.get("verb") or ""), title) == "create" and item.get("entity") == slug
        if keeps and (found := _WITH.search(title)):
            parts = [_DETERMINER.sub("", part.strip()) for part in _PARTS.split(found[1])]
            return [part for part in parts if part and len(part.split()) <= 4][:12]
    return []


def _objects(facts: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [item for item in facts.get(name) or () if isinstance(item, dict)]


def _assumed_entity() -> Entity:
    fields = (Field("name", "name", "text"), Field("notes", "notes", "text"))
    return Entity("record", "record", "record", "records", fields, 0, True, "records")


def _entity_for(item: dict[str, Any], entities: list[Entity]) -> Entity | None:
    """The entity of a feature as the facts say; they are what the plan's edges rest on, so nothing is guessed here.

    A feature that a person added later has no task and no edges; there the words of its title are looked through.
    """
    wanted = str(item.get("entity") or "")
    for entity in entities:
        if wanted and entity.slug == wanted:
            return entity
    if item.get("sentence"):
        return None
    words = set(naming.plain(str(item.get("title") or "")).split())
    return next((entity for entity in entities if naming.forms(entity.slug) & words), None)


def _open_words(title: str, verb: str, entity: Entity, operation: str, state: str) -> tuple[str, ...]:
    known = set(naming.plain(verb).split()) | {naming.plain(state), "csv", "json"} | SMALL_WORDS
    for text in (entity.slug, entity.name, *(field.title for field in entity.fields)):
        for word in naming.plain(text).split():
            known |= naming.forms(word)
    known |= {"number", "numbers"} if operation in {"count", "total"} else set()
    words = naming.plain(title).split()[1:]
    return tuple(dict.fromkeys(word for word in words if word not in known))


def _feature(
    item: dict[str, Any], entities: list[Entity], slugs: set[str], modules: set[str], makers: set[str]
) -> Feature:
    """``makers``: the entities that some feature makes beyond doubt."""
    title = naming.one_line(str(item.get("title") or item.get("slug") or "feature"), 120)
    given = str(item.get("slug") or "")
    slug = naming.unique(given or naming.slug(title), slugs, separator="-")
    verb = str(item.get("verb") or "")
    entity = _entity_for(item, entities)
    operation, assumption = verbs.reading_of(verb, title, entity.slug if entity else "", makers)
    if operation == "create" and entity:
        makers.add(entity.slug)
    reason = ""
    if not operation:
        reason = f"the crew does not know to build '{verb or title}'"
    elif entity is None:
        kept = ", ".join(known.many for known in entities[:6])
        reason = f"it names none of the things that are kept ({kept})"
    state = verbs.state_after(verb, title) if operation == "mark" else ""
    return Feature(
        slug=slug,
        module=naming.unique(slug.replace("-", "_") if given else naming.identifier(title), modules),
        title=title,
        sentence=int(item.get("sentence") or 0),
        verb=verb,
        operation="" if reason else operation,
        entity=entity,
        state=state,
        reason=reason,
        open_words=() if reason or entity is None else _open_words(title, verb, entity, operation, state),
        assumptions=(assumption,) if assumption else (),
    )


ROUTES = {
    "create": ("POST", "/{plural}"),
    "list": ("GET", "/{plural}"),
    "show": ("GET", "/{plural}/{{id}}"),
    "search": ("GET", "/{plural}/search"),
    "update": ("PATCH", "/{plural}/{{id}}"),
    "delete": ("DELETE", "/{plural}/{{id}}"),
    "count": ("GET", "/{plural}/count"),
    "total": ("GET", "/{plural}/total"),
    "sort": ("GET", "/{plural}/sorted"),
    "export": ("GET", "/{plural}/export"),
    "import": ("POST", "/{plural}/import"),
    "mark": ("POST", "/{plural}/{{id}}/{state}"),
    "label": ("POST", "/{plural}/{{id}}/label"),
}


def _with_routes(features: list[Feature]) -> list[Feature]:
    taken: set[tuple[str, str]] = set()
    routed = []
    for feature in features:
        if feature.built and feature.entity:
            method, pattern = ROUTES[feature.operation]
            path = pattern.format(plural=feature.entity.plural, state=naming.slug(feature.state))
        else:
            method, path = "POST", f"/features/{naming.slug(feature.slug)}"
        if (method, path) in taken:
            path = f"/features/{naming.slug(feature.slug)}" + ("/{id}" if "{id}" in path else "")
        taken.add((method, path))
        routed.append(replace(feature, method=method, path=path))
    return routed


def domain_from(facts: dict[str, Any], amendments: list[dict[str, str]] | None = None) -> Domain:
    """Reads the facts; `amendments` are those that people's feedback made ({"kind": "field"|"feature", …})."""
    amended = amendments or []
    entities = _entities(facts, amended)
    if not entities and _objects(facts, "features"):
        entities = [_assumed_entity()]
    items = _objects(facts, "features")
    present = {str(item.get("slug")) for item in items}
    for addition in amended:
        if addition.get("kind") == "feature" and addition.get("slug") not in present:
            items.append({**addition, "sentence": 0})
    slugs: set[str] = set()
    modules: set[str] = set()
    makers = {
        str(item.get("entity"))
        for item in items
        if verbs.operation_of(str(item.get("verb") or ""), str(item.get("title") or "")) == "create"
    }
    features = [_feature(item, entities, slugs, modules, makers) for item in items]
    return Domain(
        kind=str(facts.get("kind") or "web_application"),
        title=naming.one_line(str(facts.get("title") or "Untitled"), 120),
        language=str(facts.get("language") or "en"),
        entities=tuple(entities),
        features=tuple(_with_routes(features)),
    )
