"""The composition root: the only code that knows every app."""

# Tasks are declared without an application; whoever sends one has to know the broker of this site's.
from orchestrator_site.celery import app as celery_app

__all__ = ["celery_app"]
