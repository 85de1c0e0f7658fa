"""How an action answers: a toast where htmx asked, words on the next page where a form was posted.

``acted`` turns what people may not do, or what no longer fits, into the sentence that the page shows.
"""

import json
from collections.abc import Callable
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from apps.core.errors import CommandPostError, Conflict
from apps.engine.lifecycle import IllegalMove

ALREADY = "This no longer fits: somebody or something was faster. The page shows the present state."


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def acted(
    request: HttpRequest,
    perform: Callable[[], str],
    *,
    back: str,
    reread: str = "",
    leave: bool = False,
    but: tuple[type[CommandPostError], ...] | type[CommandPostError] = (),
) -> HttpResponse:
    """Do it and answer. ``perform`` returns the sentence that says what was done.

    ``back`` is the page that a posted form returns to. With htmx the page stays, and the live region ``reread`` (an
    id) is read again; ``leave`` goes to ``back`` instead. An error of the kind ``but`` is the caller's to answer.
    """
    try:
        words = perform()
    except IllegalMove:
        return refused(request, Conflict(ALREADY), back=back)
    except CommandPostError as error:
        if isinstance(error, but):
            raise
        return refused(request, error, back=back)
    if is_htmx(request) and not leave:
        return stay(words, reread=reread)
    messages.success(request, words)
    return leave_to(request, back)


def stay(words: str, *, tone: str = "good", reread: str = "") -> HttpResponse:
    """Nothing to exchange: a toast, and a live region to read again."""
    response = HttpResponse(status=204)
    told: dict[str, object] = {"toast": {"text": words, "tone": tone}}
    if reread:
        # htmx sends what follows a target to that target too: the toast stands first.
        told["live:changed"] = {"target": f"#{reread}"}
    response["HX-Trigger"] = json.dumps(told)
    return response


def leave_to(request: HttpRequest, to: str) -> HttpResponse:
    if not is_htmx(request):
        return redirect(to)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = to
    return response


def refused(request: HttpRequest, error: CommandPostError, *, back: str) -> HttpResponse:
    """The sentence of an error: in ``X-Problem`` for htmx, else on the page that the form came from."""
    if not is_htmx(request):
        messages.error(request, error.detail)
        return redirect(back)
    response = HttpResponse(error.detail, status=error.status, content_type="text/plain; charset=utf-8")
    response["X-Problem"] = quote(error.detail)
    return response
