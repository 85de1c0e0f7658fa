"""The how-tos of the documents, where people work: the same files, shown as pages."""

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
    file = settings.BASE_DIR / "docs" / "how-to" / f"{name}.md"
    if not file.is_file():
        raise Http404("There is no how-to of this name.")
    title, _, text = file.read_text(encoding="utf-8").partition("\n")
    shown = {"title": title.removeprefix("# "), "rendered": {"html": untrusted.markdown(text)}}
    return render(request, "help/page.html", {"how_to": shown})


urlpatterns = [path("help/<slug:name>", how_to, name="how-to")]
