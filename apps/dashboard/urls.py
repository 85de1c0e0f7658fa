"""The addresses of the pages. Each area of views brings its own list."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from apps.dashboard.styleguide import styleguide
from apps.dashboard.views import (
    agents,
    drafts,
    gates,
    goals,
    home,
    how_to,
    inbox,
    learnt,
    library,
    people,
    plans,
    pool,
    replanning,
    tasks,
    templates,
)

urlpatterns = [
    path("sign-in", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("sign-out", LogoutView.as_view(next_page="login"), name="logout"),
    path("styleguide", styleguide, name="styleguide"),
    *home.urlpatterns,
    *plans.urlpatterns,
    *drafts.urlpatterns,
    *replanning.urlpatterns,
    *tasks.urlpatterns,
    *goals.urlpatterns,
    *gates.urlpatterns,
    *inbox.urlpatterns,
    *library.urlpatterns,
    *agents.urlpatterns,
    *pool.urlpatterns,
    *learnt.urlpatterns,
    *templates.urlpatterns,
    *people.urlpatterns,
    *how_to.urlpatterns,
]
