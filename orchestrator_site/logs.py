"""Logging to stderr, plain or as JSON lines, with secrets masked whatever wrote them."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

_MASK = "•••"
_SECRETS = (
    # passwords in addresses, bearer tokens, and what is assigned to a telling name
    re.compile(r"(?P<keep>\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@]+(?=@)", re.IGNORECASE),
    re.compile(r"(?P<keep>\bbearer\s+)[\w.~+/=-]+", re.IGNORECASE),
    re.compile(
        r"(?P<keep>[\w-]*(?:password|passwd|secret|token|api[_-]?key|authorization|cookie)[\w-]*[\"']?\s*[:=]\s*[\"']?)"
        r"(?!bearer\b)[^\s\"',;&}]+",
        re.IGNORECASE,
    ),
)
# What a LogRecord always has; anything else came with extra={...} and is worth a field of its own.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


def masked(text: str) -> str:
    """``text`` with what looks like a secret replaced."""
    for pattern in _SECRETS:
        text = pattern.sub(lambda match: match.group("keep") + _MASK, text)
    return text


class PlainFormatter(logging.Formatter):
    """For people: time, level, logger, sentence, trace."""

    default_msec_format = "%s.%03d"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class JsonFormatter(logging.Formatter):
    """For machines: one object a line, times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        line |= {key: masked(str(value)) for key, value in record.__dict__.items() if key not in _STANDARD}
        if record.exc_info:
            line["trace"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def logging_settings(*, level: str, form: str) -> dict[str, Any]:
    """Django's LOGGING; ``form`` is ``plain`` or ``json``."""
    formatter = "orchestrator_site.logs.JsonFormatter" if form == "json" else "orchestrator_site.logs.PlainFormatter"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"level": level, "handlers": ["stderr"], "propagate": False},
            # one line for each 4xx would drown the others
            "django.request": {"level": "ERROR"},
            "axes": {"level": "WARNING"},
            # of a call of a model there is a row; these would write what the server sends, which may repeat the key
            **{name: {"level": "WARNING"} for name in ("httpx2", "httpcore2", "openai", "anthropic")},
        },
    }
