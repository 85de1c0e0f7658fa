"""The API: its routers, who may ask, and how it answers errors."""

from ninja import NinjaAPI

from apps.api import problems
from apps.api.auth import AUTH
from apps.api.parsing import StrictParser
from apps.api.rendering import JsonRenderer
from apps.api.routers import (
    activation,
    agents,
    drafts,
    estimates,
    facts,
    gates,
    goals,
    inbox,
    library,
    needs,
    plans,
    pool,
    results,
    session,
    supplied,
    tasks,
    templates,
    tokens,
)

api = NinjaAPI(
    title="Command Post",
    version="1",
    description=(
        "Goals, plans, tasks, gates and agents. Errors are RFC 9457 problem details; lists are {items, next}; "
        "times are ISO 8601 in UTC, money is in euro. Only a signed-in person's session starts a plan and votes."
    ),
    auth=AUTH,
    parser=StrictParser(),
    renderer=JsonRenderer(),
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
)
problems.install(api)
for module in (
    session,
    tokens,
    goals,
    facts,
    results,
    plans,
    drafts,
    activation,
    supplied,
    estimates,
    templates,
    tasks,
    gates,
    needs,
    inbox,
    library,
    agents,
    pool,
):
    api.add_router("", module.router)
