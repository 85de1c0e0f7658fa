"""The Celery application: it carries hints ("look at row X") between the processes, and nothing else."""

import os

from celery import Celery

from orchestrator_site.watchdog import watchdog_install

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator_site.settings")

# Nothing here reads a setting: this is imported before the settings are.
app = Celery("orchestrator_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
watchdog_install()
