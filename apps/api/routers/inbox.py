"""The inbox: everything that needs a person, in the order in which waiting costs most."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from apps.api.auth import person_of
from apps.api.paging import Paging, page_of_list
from apps.api.schemas.needs import InboxOut
from apps.inbox import selectors

router = Router(tags=["inbox"])
Tab = Literal["needs_you", "waiting", "decided", "all"]


@router.get("/inbox", response=InboxOut, summary="Get the inbox")
def inbox_get(request: HttpRequest, paging: Paging, tab: Tab = "all") -> Any:
    """One tab of it. `counts.needs_you` is the badge: the same look, the same number."""
    person = person_of(request)
    found = selectors.inbox(person)
    tabs = {"needs_you": found.needs_you, "waiting": found.waiting, "all": list(found.items)}
    items = selectors.decided(person) if tab == "decided" else tabs[tab]
    return {**page_of_list(items, paging), "counts": found.counts}
