"""Errors as RFC 9457 problem details: whatever goes wrong, a client reads one shape.

``{type, title, status, detail, code}`` and what the error adds, such as ``fields`` (a field's name → words).
"""

import json
import logging
from collections.abc import Callable, Mapping
from functools import update_wrapper
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from apps.core.errors import CommandPostError
from apps.engine.lifecycle import IllegalMove

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


def problem(status: int, title: str, detail: str, *, code: str, extra: Mapping[str, Any] | None = None) -> HttpResponse:
    """A problem as a response. ``code`` is the stable name that a program compares."""
    body = {**(extra or {}), "type": f"urn:command-post:{code}", "title": title, "status": status}
    body |= {"detail": detail, "code": code}
    text = json.dumps(body, ensure_ascii=False, default=str)
    response = HttpResponse(text.encode("utf-8", "replace"), status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _refused(request: HttpRequest, error: CommandPostError) -> HttpResponse:
    return problem(error.status, error.title, error.detail, code=error.code, extra=error.extra)


def _illegal_move(request: HttpRequest, error: IllegalMove) -> HttpResponse:
    detail = f"{error} Read it again to see what can be done with it now."
    return problem(409, "This does not fit the present state", detail, code="conflict")


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if any(one["loc"][0] == "path" for one in error.errors):
        return _not_found(request)
    fields = {_field(one["loc"]): str(one["msg"]) for one in error.errors}
    detail = " ".join(f"{name}: {words}." for name, words in fields.items())
    return problem(422, "Some of the input can't be used", detail, code="invalid", extra={"fields": fields})


def _field(place: tuple[Any, ...]) -> str:
    """The field's name as the client wrote it: without where it stood and what our code calls the body."""
    names = [str(part) for part in place]
    return ".".join(names[2:] if names[0] == "body" and len(names) > 2 else names[1:]) or names[0]


def _not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    detail = "Sign in with POST /api/v1/session, or send a bearer token that is neither expired nor revoked."
    return problem(401, "Who is asking?", detail, code="not_signed_in")


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    cause = error.__cause__
    if isinstance(cause, CommandPostError):
        return _refused(request, cause)
    return of_status(error.status_code, str(error))


def of_status(status: int, detail: str = "") -> HttpResponse:
    """The problem for a bare HTTP status."""
    phrase = HTTPStatus(status).phrase
    return problem(status, phrase, detail or phrase + ".", code=phrase.lower().replace(" ", "_"))


def _not_found(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    return problem(404, "Not found", "There is nothing at this address.", code="not_found")


def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(413, "Too large", "The request is larger than can be read here. Send less.", code="too_large")


def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(400, "The request can't be read", "The request is malformed.", code="malformed")


def _bad_data(request: HttpRequest, error: DataError) -> HttpResponse:
    log.warning("the database refused a value: %s", error)
    return problem(422, "Some of the input can't be used", "A value can't be stored as it is.", code="invalid")


def _database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    log.warning("%s %s met a database that does not answer: %s", request.method, request.path, error)
    detail = "The database does not answer at the moment. Nothing was half done; try again in a few seconds."
    answer = problem(503, "Not available now", detail, code="unavailable")
    answer["Retry-After"] = "2"
    return answer


def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    detail = "Something went wrong on our side, and it is in the log. Nothing was half done; try again."
    return problem(500, "This failed unexpectedly", detail, code="unexpected")


def install(api: NinjaAPI) -> None:
    """Answer every exception of the API's views as a problem."""
    handlers: list[tuple[type[Exception], Callable[..., HttpResponse]]] = [
        (Exception, _unexpected),
        (CommandPostError, _refused),
        (IllegalMove, _illegal_move),
        (ValidationError, _invalid),
        (HttpError, _http),
        (AuthenticationError, _not_signed_in),
        (Http404, _not_found),
        (SuspiciousOperation, _unreadable),
        (RequestDataTooBig, _too_large),
        (UnreadablePostError, _unreadable),
        (DataError, _bad_data),
        (OperationalError, _database_away),
        (InterfaceError, _database_away),
    ]
    for kind, handler in handlers:
        api.add_exception_handler(kind, handler)


def as_problem(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view whose plain-text refusals (405 of the framework) are problems too; headers such as Allow stay."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        allowed = response.get("Allow", "")
        answer = of_status(405, f"{request.method} is not possible here, only {allowed}.")
        answer["Allow"] = allowed
        return answer

    update_wrapper(wrapped, view)
    return wrapped


def nothing_here(request: HttpRequest, path: str = "") -> HttpResponse:
    """The view of every address under the API that is none."""
    return _not_found(request)
