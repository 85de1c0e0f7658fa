"""Reading requests strictly: what PostgreSQL can't store, or what is no JSON, is refused at the edge."""

from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from apps.core.errors import CommandPostError, Invalid
from apps.core.strictjson import NotStrictJson, loads


class Malformed(CommandPostError):
    """The body is not JSON that can be read."""

    code, status, title = "malformed", 400, "The body can't be read"


class WrongMediaType(CommandPostError):
    """The body is not declared as JSON. Browsers can't send JSON across sites unasked, so this also guards sign-in."""

    code, status, title = "unsupported_media_type", 415, "The body must be JSON"


class StrictParser(Parser):
    """Bodies through ``core.strictjson``; query strings without NUL and half surrogates."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise WrongMediaType("Send the body as JSON, with Content-Type: application/json.")
        try:
            return loads(request.body)
        except NotStrictJson as error:
            raise Malformed(str(error)) from error

    def parse_querydict(self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest) -> Any:
        for name, values in data.lists():
            if any(isinstance(value, str) and not _storable(value) for value in [name, *values]):
                raise Invalid({_printable(name): "This contains characters that can't be stored."})
        return super().parse_querydict(data, list_fields, request)


def _storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _printable(name: str) -> str:
    return name.encode("ascii", "backslashreplace").decode().replace("\x00", "\\x00")[:60]
