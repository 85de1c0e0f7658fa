"""The how-tos of the documents, where people work: the same files, shown as pages."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from apps.core import untrusted


@login_required
@require_GET
def how_to(request: HttpRequest, name: str) -> HttpResponse:
    """One file of ``docs/how-to`` by its name without the ending."""
    folder = settings.BASE_DIR / "docs" / "how-to"
    if not (folder / f"{name}.md").is_file():
        raise Http404("There is no how-to of this name.")
    _, text = _parts(folder / f"{name}.md")
    listed = [{"name": file.stem, "title": _parts(file)[0]} for file in sorted(folder.glob("*.md"))]
    title = next(one["title"] for one in listed if one["name"] == name)
    shown = {"name": name, "title": title, "rendered": {"html": untrusted.markdown(text)}}
    return render(request, "help/page.html", {"how_to": shown, "how_tos": listed})


def _parts(file: Path) -> tuple[str, str]:
    """The title and the text below it."""
    title, _, text = file.read_text(encoding="utf-8").partition("\n")
    return title.removeprefix("# "), text


urlpatterns = [path("help/<slug:name>", how_to, name="how-to")]
