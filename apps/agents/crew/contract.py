"""The contract: how the finished thing is used, in a form that programs can check."""

from typing import Any

from apps.agents.crew.domain import COMMAND_KINDS, Entity, Feature, Field
from apps.agents.crew.migration.writing import mapping
from apps.agents.crew.naming import class_name, identifier, slug
from apps.agents.crew.work import Work

TYPES = {"text": {"type": "string"}, "number": {"type": "number"}, "date": {"type": "string", "format": "date"}}


def contract(work: Work) -> str:
    kind = work.domain.kind
    if work.domain.is_migration:
        return mapping(work)
    if work.domain.is_service:
        document, name = openapi(work), "contract/openapi.json"
    elif kind in COMMAND_KINDS:
        document, name = commands(work), "contract/cli.json"
    elif kind == "library":
        document, name = interface(work), "contract/interface.json"
    else:
        document, name = outline(work), "contract/outline.json"
    work.write_json(work.produces(".json", name), document)
    work.claim(f"All {len(work.domain.features)} features are in the contract.")
    return f"The contract has {len(work.domain.features)} features."


def schema_name(entity: Entity) -> str:
    return class_name(entity.module)


def openapi(work: Work) -> dict[str, Any]:
    domain = work.domain
    paths: dict[str, dict[str, Any]] = {}
    for feature in domain.features:
        paths.setdefault(feature.path, {})[feature.method.lower()] = _operation(feature)
    health = {
        "operationId": "healthz",
        "summary": "Whether the service answers",
        "responses": {"200": {"description": "It does."}},
    }
    paths["/healthz"] = {"get": health}
    return {
        "openapi": "3.1.0",
        "info": {"title": domain.title, "version": "1.0.0"},
        "paths": paths,
        "components": {"schemas": {"Problem": _problem(), **{schema_name(e): _schema(e) for e in domain.entities}}},
    }


def _problem() -> dict[str, Any]:
    fields = {"error": {"type": "string"}, "field": {"type": "string"}}
    return {"type": "object", "properties": fields, "required": ["error"]}


def _schema(entity: Entity) -> dict[str, Any]:
    fields = {field.name: {**TYPES[field.kind], "description": field.title} for field in entity.fields}
    own = {"id": {"type": "integer"}, "state": {"type": "string"}}
    return {"type": "object", "properties": {**own, **fields}, "required": ["id", "state"]}


def _operation(feature: Feature) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": feature.module,
        "summary": feature.title,
        "description": f"It {feature.meaning}.",
        "x-feature": feature.slug,
        "responses": _responses(feature),
    }
    parameters = []
    if "{id}" in feature.path:
        parameters.append({"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}})
    inputs = [field for field in feature.inputs if field.name != "id"]
    if feature.method == "GET":
        extra = _paging() if feature.operation in {"list", "search", "sort"} else []
        parameters += [_query(field, feature) for field in inputs] + extra
    elif inputs:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _body(feature, inputs)}},
        }
    if parameters:
        operation["parameters"] = parameters
    return operation


def _query(field: Field, feature: Feature) -> dict[str, Any]:
    required = feature.operation == "search"
    return {
        "name": field.name,
        "in": "query",
        "required": required,
        "description": field.title,
        "schema": TYPES[field.kind],
    }


def _paging() -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0}}
        for name in ("limit", "offset")
    ]


def _body(feature: Feature, inputs: list[Field]) -> dict[str, Any]:
    required = [] if feature.operation == "update" else [inputs[0].name]
    properties = {field.name: {**TYPES[field.kind], "description": field.title} for field in inputs}
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _responses(feature: Feature) -> dict[str, Any]:
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if not feature.built or feature.entity is None:
        return {"501": {"description": "Not built.", "content": problem}}
    one = {"$ref": f"#/components/schemas/{schema_name(feature.entity)}"}
    many = {"type": "object", "properties": {"items": {"type": "array", "items": one}, "total": {"type": "integer"}}}
    shape: dict[str, Any] = {"type": "object"}
    if feature.operation in {"create", "show", "update", "mark", "label"}:
        shape = one
    elif feature.operation in {"list", "search", "sort"}:
        shape = many
    code = "201" if feature.operation == "create" else "200"
    found: dict[str, Any] = {code: {"description": "Done.", "content": {"application/json": {"schema": shape}}}}
    if "{id}" in feature.path:
        found["404"] = {"description": "There is none with this number.", "content": problem}
    found["422"] = {"description": "The input cannot be used.", "content": problem}
    return found


def _options(feature: Feature) -> list[dict[str, Any]]:
    optional = {"update", "export", "sort"}
    return [
        {
            "name": field.name,
            "help": field.title,
            "kind": field.kind,
            "required": field.name == "id" or (at == 0 and feature.operation not in optional),
        }
        for at, field in enumerate(feature.inputs)
    ]


def commands(work: Work) -> dict[str, Any]:
    """Every feature a subcommand; results are JSON on standard output, faults a sentence and a code above 0."""
    items = [
        {"name": slug(f.slug), "summary": f.title, "feature": f.slug, "built": f.built, "options": _options(f)}
        for f in work.domain.features
    ]
    return {"program": slug(work.domain.title, "tool"), "global_options": ["--data"], "commands": items}


def interface(work: Work) -> dict[str, Any]:
    items = [
        {
            "name": identifier(f.module),
            "summary": f.title,
            "feature": f.slug,
            "built": f.built,
            "parameters": _options(f),
        }
        for f in work.domain.features
    ]
    return {"module": "service.library", "functions": items}


def outline(work: Work) -> dict[str, Any]:
    sections = [
        {"slug": f.slug, "title": f.title, "sentence": f.sentence, "requirement": f"The text has a place on: {f.title}"}
        for f in work.domain.features
    ]
    return {"title": work.domain.title, "sections": sections}
