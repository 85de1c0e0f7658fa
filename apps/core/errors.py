"""Errors that reach a person or a client: what happened, what it means, what to do next.

The API turns them into RFC 9457 problem details, a page into words beside the field or a toast.
"""

from collections.abc import Mapping
from typing import Any


class CommandPostError(Exception):
    """Something was refused, with a sentence that a person can read."""

    code = "error"
    status = 400
    title = "This could not be done"

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra: Mapping[str, Any] = extra


class Invalid(CommandPostError):
    """The input is not acceptable; ``fields`` maps a field's name to the words shown beside it."""

    code, status, title = "invalid", 422, "Some of the input can't be used"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()), fields=dict(fields))
        self.fields = dict(fields)


class Unprocessable(CommandPostError):
    """The request is well formed but a rule of the domain refuses it."""

    code, status, title = "refused_by_rule", 422, "A rule refuses this"


class NotAllowed(CommandPostError):
    """The person or token may not do this."""

    code, status, title = "not_allowed", 403, "You may not do this"


class NotThere(CommandPostError):
    """The thing does not exist, or not for you."""

    code, status, title = "not_found", 404, "Not found"


class Conflict(CommandPostError):
    """The thing is not in the state that this needs."""

    code, status, title = "conflict", 409, "This does not fit the present state"


class StaleState(Conflict):
    """Somebody else changed the status first."""

    code, title = "stale_state", "Somebody else was first"


class StaleEvidence(Conflict):
    """The evidence has changed since the page was shown; ``extra`` carries the difference."""

    code, title = "stale_evidence", "The evidence has changed since you saw it"


class StaleDraft(Conflict):
    """Somebody else edited the draft since the page was shown; ``extra`` carries what they did and the difference."""

    code, title = "stale_draft", "The draft has changed since you saw it"


class StaleDifference(Conflict):
    """What activating the draft would do has changed since the page was shown; ``extra`` carries what it is now."""

    code, title = "stale_difference", "What this would do has changed since you saw it"


class StaleFence(Conflict):
    """The attempt's lease was taken over; the result is kept as salvage and not applied."""

    code, title = "stale_fence", "This attempt is no longer the live one"
