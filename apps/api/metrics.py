"""``/metrics`` at the root: Prometheus' text format, version 0.0.4. Counts only; nothing in it is private."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.insight.figures import Figure, figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(exposition(figures()), content_type=CONTENT_TYPE)


def exposition(found: Iterable[Figure]) -> str:
    """Gauges as text.

    >>> print(exposition([Figure("slots", "Slots.", "", {"": 10.0})]), end="")
    # HELP slots Slots.
    # TYPE slots gauge
    slots 10
    """
    lines: list[str] = []
    for figure in found:
        lines += [f"# HELP {figure.name} {figure.help}", f"# TYPE {figure.name} gauge"]
        lines += [f"{figure.name}{_label(figure.label, value)} {number:g}" for value, number in figure.values.items()]
    return "\n".join(lines) + "\n"


def _label(name: str, value: str) -> str:
    if not name:
        return ""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{{{name}="{escaped}"}}'
