"""The pool's page, its live region, and for admins its settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import CommandPostError, Invalid
from apps.dashboard.forms.pool import PoolForm
from apps.dashboard.live.board import site_seq
from apps.dashboard.pages import pool as pages
from apps.dashboard.replies import refused
from apps.dashboard.views.signed_in import person_of
from apps.hub import actions
from apps.tasks.models import Pool


def _pool() -> Pool:
    found = Pool.objects.order_by("pk").first()
    if found is None:
        raise Http404("There is no pool: run the seed.")
    return found


@login_required
@require_GET
def pool(request: HttpRequest) -> HttpResponse:
    return _page(request, PoolForm(pool=_pool()))


def _page(request: HttpRequest, form: PoolForm, status: int = 200) -> HttpResponse:
    context = {"nav_active": "pool", "site_seq": site_seq(), "form": form} | pages.whole(person_of(request))
    return render(request, "pool/page.html", context, status=status)


@login_required
@require_GET
def now(request: HttpRequest) -> HttpResponse:
    """Slots, queue and workers, read again."""
    return render(request, "pool/_slots.html", pages.now())


@login_required
@require_POST
def settings(request: HttpRequest) -> HttpResponse:
    """Change what differs; slots follow, and one in use ends with its attempt."""
    found = _pool()
    form = PoolForm(request.POST, pool=found)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        if form.changes:
            actions.pool_change(person=person_of(request), pool=found, **form.changes)
    except Invalid as error:
        form.take_words(error)
        return _page(request, form, error.status)
    except CommandPostError as error:
        return refused(request, error, back="/pool")
    messages.success(request, "The pool is changed." if form.changes else "Nothing was changed.")
    return redirect("pool")


urlpatterns = [
    path("pool", pool, name="pool"),
    path("pool/now", now, name="pool-now"),
    path("pool/settings", settings, name="pool-settings"),
]
