"""The only door to the environment: typed readers whose errors say how to mend what is wrong.

Every reader takes the variable's name and a default, treats an empty value as "not given", and raises
``ConfigurationError`` with the name, the value it found, what it wanted and an example. Values that may be secrets are
never repeated in an error. ``docs/configuration.md`` lists every variable that is read; a test holds it to the code.
"""

import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


class ConfigurationError(Exception):
    """The environment, or the machine, is not as Command Post needs it. The message says how to mend it."""


def _raw(name: str, source: Mapping[str, str] | None) -> str:
    return (os.environ if source is None else source).get(name, "").strip()


def _error(name: str, value: str, wanted: str, example: str) -> ConfigurationError:
    return ConfigurationError(f"{name} is {value!r}, but must be {wanted}. Set for example {name}={example}")


def text(name: str, default: str = "", *, source: Mapping[str, str] | None = None) -> str:
    """The value as it stands, without surrounding white space."""
    return _raw(name, source) or default


def choice(name: str, default: str, *, options: Sequence[str], source: Mapping[str, str] | None = None) -> str:
    """One of ``options``, whatever the case it is written in; given back as the option is written."""
    value = _raw(name, source) or default
    found = {option.lower(): option for option in options}.get(value.lower())
    if found is None:
        raise _error(name, value, "one of " + ", ".join(options), options[0])
    return found


def integer(
    name: str, default: int, *, low: int = 0, high: int = 2**31 - 1, source: Mapping[str, str] | None = None
) -> int:
    """A whole number from ``low`` to ``high``."""
    value = _raw(name, source)
    if not value:
        return default
    # str.isdecimal takes digits of every script, int() too; an address or a port is written in ASCII
    number = int(value) if value.isascii() and value.lstrip("-").isdecimal() else None
    if number is None or not low <= number <= high:
        raise _error(name, value, f"a whole number from {low} to {high}", str(default))
    return number


def decimal(
    name: str, default: str, *, low: str = "0", high: str = "1000000", source: Mapping[str, str] | None = None
) -> Decimal:
    """A number from ``low`` to ``high`` with a point, for amounts of money."""
    value = _raw(name, source) or default
    plain = value.isascii() and value.count(".") <= 1 and value.replace(".", "").isdecimal()
    number = Decimal(value) if plain else None
    if number is None or not Decimal(low) <= number <= Decimal(high):
        raise _error(name, value, f"a number from {low} to {high}", default)
    return number


def tagged(name: str, *, tags: Sequence[str], example: str, source: Mapping[str, str] | None = None) -> tuple[str, str]:
    """One of ``tags``, a colon, and the rest, as a pair; two empty texts when it is not given."""
    value = _raw(name, source)
    tag, colon, rest = value.partition(":")
    if not value:
        return "", ""
    if tag.strip().lower() not in tags or not colon or not rest.strip():
        raise _error(name, value, f"one of {', '.join(tags)}, a colon, and a name", example)
    return tag.strip().lower(), rest.strip()


def boolean(name: str, default: bool = False, *, source: Mapping[str, str] | None = None) -> bool:
    """1, true, yes, on; or 0, false, no, off."""
    value = _raw(name, source).lower()
    if not value:
        return default
    if value not in _TRUE | _FALSE:
        raise _error(name, value, "1 or 0", "1")
    return value in _TRUE


def listing(name: str, default: Sequence[str] = (), *, source: Mapping[str, str] | None = None) -> list[str]:
    """Parts between commas, without empty ones."""
    value = _raw(name, source)
    return [part.strip() for part in value.split(",") if part.strip()] if value else list(default)


def path(name: str, default: Path, *, source: Mapping[str, str] | None = None) -> Path:
    """An absolute path; ``~`` is the home, and a relative one counts from the working directory."""
    value = _raw(name, source)
    try:
        return (Path(value).expanduser() if value else default).absolute()
    except RuntimeError as error:
        raise _error(name, value, "a path (its home folder is not known here)", "/srv/command-post") from error


def url(name: str, default: str = "", *, schemes: Sequence[str], source: Mapping[str, str] | None = None) -> str:
    """An address with one of ``schemes``. It may carry a password, so an error names the scheme only."""
    value = _raw(name, source) or default
    if not value:
        return ""
    scheme = value.partition("://")[0] if "://" in value else ""
    example = f"{schemes[0]}://user:password@host/name" if schemes[0] != "https" else "https://command.example.org"
    if scheme not in schemes:
        raise _error(name, f"{scheme or '…'}://…", "an address that begins with " + " or ".join(schemes), example)
    try:
        urlsplit(value).port  # noqa: B018 - the property parses, and raises when the port is no number
    except ValueError as error:
        raise _error(name, f"{scheme}://…", "an address with a port from 0 to 65535", example) from error
    return value
