"""The page 'What was learnt'."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from apps.dashboard.pages import learnt as pages


@login_required
@require_GET
def learnt(request: HttpRequest) -> HttpResponse:
    return render(request, "insight/learnt.html", {"nav_active": "pool"} | pages.page())


urlpatterns = [path("insight", learnt, name="learnt")]
