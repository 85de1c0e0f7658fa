"""Templates: the list, saving a plan as one, renaming, retiring, and taking that back."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import CommandPostError, Invalid
from apps.dashboard.forms.templates import TemplateForm
from apps.dashboard.pages import templates as pages
from apps.dashboard.replies import acted, refused
from apps.dashboard.views.signed_in import person_of
from apps.planning.models import PlanTemplate
from apps.planning.templates import template_change, template_save
from apps.tasks.models import Plan


@login_required
@require_GET
def template_page(request: HttpRequest) -> HttpResponse:
    return render(request, "templates/page.html", {"nav_active": "goals"} | pages.listed(person_of(request)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, plan_id: uuid.UUID) -> HttpResponse:
    """Save a plan as a template."""
    plan, person = get_object_or_404(Plan.objects.select_related("goal"), pk=plan_id), person_of(request)
    form = TemplateForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            template_save(plan=plan, person=person, **form.cleaned_data)
            return redirect("templates")
        except Invalid as error:
            form.take_words(error)
            status = error.status
        except CommandPostError as error:
            return refused(request, error, back=reverse("goal-plan", args=[plan.goal_id]))
    context = {"nav_active": "goals", "form": form} | pages.saving(plan, person)
    return render(request, "templates/save.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """Rename a template, or say anew what it is good for."""
    template, person = get_object_or_404(PlanTemplate, pk=template_id), person_of(request)
    form = TemplateForm(request.POST or None, template=template)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            template_change(template=template, person=person, **form.cleaned_data)
            return redirect("templates")
        except Invalid as error:
            form.take_words(error)
            status = error.status
        except CommandPostError as error:
            return refused(request, error, back=reverse("templates"))
    context = {"nav_active": "goals", "form": form, "template": template}
    return render(request, "templates/change.html", context, status=status)


@login_required
@require_POST
def retire(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """Retire a template, or take it back into use (``retired=0``)."""
    template, person = get_object_or_404(PlanTemplate, pk=template_id), person_of(request)
    away = request.POST.get("retired") != "0"

    def perform() -> str:
        template_change(template=template, person=person, retired=away)
        return f"“{template.name}” is retired." if away else f"“{template.name}” can be started from again."

    return acted(request, perform, back=reverse("templates"), leave=True)


urlpatterns = [
    path("templates", template_page, name="templates"),
    path("templates/<uuid:template_id>", change, name="template"),
    path("templates/<uuid:template_id>/retire", retire, name="template-retire"),
    path("plans/<uuid:plan_id>/template", save, name="template-save"),
]
