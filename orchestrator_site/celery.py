"""The Celery application: it carries hints ("look at row X") between the processes, and nothing else."""

import os

from celery import Celery
from django.conf import settings

from orchestrator_site import connections
from orchestrator_site.watchdog import watchdog_install

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator_site.settings")

app = Celery("orchestrator_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
watchdog_install(connections.redis_url(settings.REDIS_URL, connections.HINTS))
