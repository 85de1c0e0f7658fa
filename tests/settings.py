"""The site's own settings, read from the environment of this test process; quicker where nothing is proven by it."""

import os

from tests.environment import this_environment

os.environ.update(this_environment().variables())

from orchestrator_site.settings import *  # noqa: F403 - read only now that the environment is set

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Tests sign in by name, often wrongly and on purpose; a test of the throttle switches it on for itself.
AXES_ENABLED = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
