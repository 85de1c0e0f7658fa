"""Nobody pays for a model that is not asked: starting web or worker loads no provider's library."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
HEAVY = ("pydantic_ai", "openai", "anthropic", "httpx2", "apps.planning.thinking.session")
STARTS = {
    "services": "import apps.planning.services, apps.planning.admin",
    "worker": "import orchestrator_site.celery, apps.hub.tasks",
    "web": "import orchestrator_site.asgi, orchestrator_site.urls, apps.api.api",
}


@pytest.mark.parametrize("what", STARTS)
def test_it_starts_without_a_providers_library(what, services):
    program = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; import django; django.setup(); "
        f"{STARTS[what]}; print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
