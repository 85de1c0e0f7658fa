"""The method library: the active version, all versions, checking, trying and saving a text."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from apps.accounts.policy import require
from apps.api import queries
from apps.api.auth import person_of
from apps.api.creating import IDEMPOTENT, created
from apps.api.paging import Page, Paging, page
from apps.api.schemas.library import (
    CheckedOut,
    ContentIn,
    LibraryIn,
    LibraryOut,
    LibraryRow,
    TrialIn,
    TrialOut,
    problem_out,
)
from apps.planning import trial, versions
from apps.planning.models import MethodLibrary
from apps.planning.selectors import library_active

router = Router(tags=["library"])
MOST = 10**9


def _rows() -> Any:
    return MethodLibrary.objects.select_related("changed_by")


@router.get("/library", response=LibraryOut, summary="Get the active method library")
def library_get(request: HttpRequest) -> Any:
    """The version that plans now, with its text."""
    return library_active() or versions.library_seed()


@router.get("/library/versions", response=Page[LibraryRow], summary="List versions of the method library")
def library_versions(request: HttpRequest, paging: Paging) -> Any:
    """Newest first, without their texts."""
    return page(_rows().defer("content"), paging, order=["-version"])


@router.get("/library/versions/{version}", response=LibraryOut, summary="Get a version of the method library")
def library_version(request: HttpRequest, version: int) -> Any:
    return queries.one(_rows(), "version of the method library", version=version if 0 < version < MOST else 0)


@router.post("/library/validate", response=CheckedOut, summary="Check a text as a method library")
def library_validate(request: HttpRequest, payload: ContentIn) -> Any:
    """Every problem with its line, place and field. Nothing is stored."""
    require(person_of(request), "look")
    checked = versions.library_check(content=payload.content)
    return {"valid": checked.valid, "problems": [problem_out(one) for one in checked.problems]}


@router.post("/library/dry-run", response=TrialOut, summary="Try a text on a brief")
def library_dry_run(request: HttpRequest, payload: TrialIn) -> Any:
    """Approaches with the text and with the active version, and their difference. Nothing is stored; admins only."""
    return trial.library_try(
        person=person_of(request), content=payload.content, title=payload.title, brief=payload.brief
    )


@router.post(
    "/library",
    response={201: LibraryOut},
    summary="Save a text as the next version",
    openapi_extra=IDEMPOTENT,
)
def library_save(request: HttpRequest, payload: LibraryIn) -> Any:
    """An admin's own session only. It is active at once; 409 when another version was saved meanwhile."""
    return created(
        request,
        LibraryOut,
        lambda: versions.library_save(
            person=person_of(request), content=payload.content, note=payload.note, base=payload.base
        ),
    )
