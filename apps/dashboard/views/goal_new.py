"""A new goal: the form, with nothing lost when something is wrong with it, and with one goal for one click."""

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core.errors import CommandPostError, Invalid
from apps.core.idempotency import Answer, once
from apps.dashboard.examples import EXAMPLES, example
from apps.dashboard.forms.goals import GoalForm, brief_of, supplied_of, text_of
from apps.dashboard.views.signed_in import person_of
from apps.hub import actions


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if request.method == "POST":
        return _submit(request, person)
    chosen = example(request.GET.get("example", ""))
    initial = {"title": chosen.title, "brief": chosen.brief} if chosen else {}
    initial["template"] = request.GET.get("template", "")
    return _show(request, GoalForm(initial=initial, person=person), person, chosen=chosen.key if chosen else "")


def _show(request: HttpRequest, form: GoalForm, person: Person, *, chosen: str = "", status: int = 200) -> HttpResponse:
    answer = policy.allows(person, "goal.submit")
    context = {
        "nav_active": "goals",
        "form": form,
        "examples": EXAMPLES,
        "chosen": chosen,
        "why_not": "" if isinstance(answer, policy.Allowed) else answer.sentence,
        "idempotency": request.POST.get("idempotency_key", ""),
    }
    return render(request, "goals/new.html", context, status=status)


def _submit(request: HttpRequest, person: Person) -> HttpResponse:
    posted = request.POST.copy()
    form = GoalForm(posted, person=person)
    valid = form.is_valid()
    try:
        brief = brief_of(request)
        # The text of a dropped file is shown in the field, so that it is there when the form comes back.
        posted["brief"] = text_of(brief)
        if valid:
            return redirect(*_goal(request, form, person, brief, supplied_of(request)))
    except Invalid as error:
        form.take_words(error)
    except CommandPostError as error:
        messages.error(request, error.detail)
        return _show(request, form, person, status=error.status)
    return _show(request, form, person, status=422)


def _goal(
    request: HttpRequest, form: GoalForm, person: Person, brief: bytes, supplied: Mapping[str, bytes]
) -> tuple[str, str]:
    """The page to go on with and the id of the goal: a form that is sent twice makes one.

    Where answers would change the plan they come first, on the intake page.
    """

    def perform() -> Answer:
        goal = actions.goal_submit(
            person=person,
            title=form.cleaned_data["title"],
            brief=brief,
            constraints=form.constraints(),
            start=form.cleaned_data["start"],
            group=form.cleaned_data["group"],
            ask=True,
            first_phase=form.cleaned_data["first_phase"] or 1,
            supplied=supplied,
            template=form.template_id(),
        )
        return Answer(201, {"goal": str(goal.pk), "page": "goal-intake" if goal.status == "draft" else "goal-plan"})

    key = request.POST.get("idempotency_key", "")
    route = f"POST {reverse('goal-new')}"
    answer = (
        once(key=key, actor=f"person:{person.pk}", route=route, body=form.same(brief, supplied), perform=perform)
        if key
        else perform()
    )
    return str(answer.body["page"]), str(answer.body["goal"])
