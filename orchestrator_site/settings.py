"""Django's settings. Every value that differs between installations is read through ``orchestrator_site.env``."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from orchestrator_site import connections, env
from orchestrator_site.logs import logging_settings
from orchestrator_site.private_files import kept_secret
from orchestrator_site.supervisor.layout import layout_of

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where things are ---------------------------------------------------------------------------------------------
VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var")
# Sockets of PostgreSQL and Redis: VAR_DIR/run, or a short folder in /tmp. Sandboxes must cover it like VAR_DIR.
SOCKET_DIR = layout_of(VAR_DIR).sockets
HOST = env.text("HOST", "127.0.0.1")
PORT = env.integer("PORT", 8000, low=1, high=65535)
_SHOWN_HOST = "localhost" if HOST in {"0.0.0.0", "::", "127.0.0.1", "::1"} else HOST  # noqa: S104 - compared, not bound
PUBLIC_URL = env.url("PUBLIC_URL", f"http://{_SHOWN_HOST}:{PORT}", schemes=("https", "http")).rstrip("/")

# --- Security -----------------------------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = env.text("SECRET_KEY") or kept_secret(VAR_DIR / "secret_key")
_PUBLIC = urlsplit(PUBLIC_URL)
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", sorted({"localhost", "127.0.0.1", "[::1]", HOST, _PUBLIC.hostname or ""}))
CSRF_TRUSTED_ORIGINS = [f"{_PUBLIC.scheme}://{_PUBLIC.netloc}"]
_HTTPS = _PUBLIC.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if _HTTPS else 0
SESSION_COOKIE_NAME = "commandpost_session"
SESSION_COOKIE_AGE = 7 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# May generated code run where namespaces are refused? Shown in red on every page while it is on.
ALLOW_UNISOLATED = env.boolean("ALLOW_UNISOLATED")
# May PostgreSQL run without fsync? Then a power cut loses what was acknowledged: for tests and benchmarks only.
ALLOW_FSYNC_OFF = env.boolean("ALLOW_FSYNC_OFF")

# --- Applications, in the order of their layers ---------------------------------------------------------------------
INSTALLED_APPS = [
    "apps.core",
    "apps.accounts",
    "apps.goals",
    "apps.agents",
    "apps.gates",
    "apps.tasks",
    "apps.inbox",
    "apps.insight",
    "apps.planning",
    "apps.delivery",
    "apps.hub",
    "apps.dashboard",
    "apps.api",
    "orchestrator_site",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "channels",
    "csp",
    "axes",
]
MIDDLEWARE = [
    "orchestrator_site.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.dashboard.middleware.persons_time_zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "orchestrator_site.urls"
ASGI_APPLICATION = "orchestrator_site.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "orchestrator_site.context.site",
                "apps.dashboard.context.nav",
            ]
        },
    }
]
# What lies in core records an event; these hear of it after the commit. Dotted names of callables that take the events;
# a name that can't be imported is an error at the first event, never a silent loss.
EVENT_SUBSCRIBERS = ["apps.hub.wakeup.on_events", "apps.dashboard.live.push.on_events"]

# --- People -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
ADMIN_USERNAME = env.text("ADMIN_USERNAME", "admin")
ADMIN_PASSWORD = env.text("ADMIN_PASSWORD")
# Ten wrong passwords for one name from one address: a quarter of an hour's pause for that pair, nobody else.
AXES_FAILURE_LIMIT = 10
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# --- PostgreSQL: two roles ----------------------------------------------------------------------------------------
# The owner migrates; everything else runs as a role without DDL, TRUNCATE or trigger rights (design, promise 1).
DATABASE_URL = connections.service_url(
    "DATABASE_URL",
    var_dir=VAR_DIR,
    schemes=connections.POSTGRES_SCHEMES,
    absent="postgresql://commandpost@127.0.0.1:1/commandpost",
)
DATABASE_OWNER_URL = connections.service_url(
    "DATABASE_OWNER_URL", var_dir=VAR_DIR, schemes=connections.POSTGRES_SCHEMES, absent=DATABASE_URL
)
DB_ROLE = env.choice("DB_ROLE", "app", options=("app", "owner"))
DATABASES = {
    "default": connections.database_settings(
        DATABASE_OWNER_URL if DB_ROLE == "owner" else DATABASE_URL,
        # A pool opened before a fork hangs the children: it is for web and workers, which don't fork, not for commands.
        pool_size=env.integer("DB_POOL_SIZE", 0, high=200),
        application="commandpost-" + env.text("PROCESS_NAME", "command"),
    )
}
DATABASE_APP_ROLE = str(connections.database_settings(DATABASE_URL)["USER"])

# --- Redis: hints, live signals, counters; nothing that may not be lost -------------------------------------------
REDIS_URL = connections.service_url(
    "REDIS_URL", var_dir=VAR_DIR, schemes=connections.REDIS_SCHEMES, absent="redis://127.0.0.1:1/0"
)
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [connections.redis_url(REDIS_URL, connections.LIVE)],
            # publish/subscribe knows no databases: the prefix keeps two installations on one Redis apart
            "prefix": f"commandpost{connections.redis_database(REDIS_URL)}",
        },
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": connections.redis_url(REDIS_URL, connections.CACHE),
    }
}

# --- Celery carries hints: acknowledged early, never waited for (docs/decisions) ----------------------------------
CELERY_BROKER_URL = connections.broker_url(REDIS_URL)
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_DEFAULT_QUEUE = "hub"
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"hub": {}, "plan": {}, "agents": {}}
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 3, "socket_timeout": 15, "socket_keepalive": True}
# A hint that can't be sent now is sent again by the sweeper: nobody waits for Redis.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
WORKER_CONCURRENCY = env.integer("WORKER_CONCURRENCY", 10, low=1, high=200)

# --- A model that helps planning (docs/how-to/plan-with-a-model.md); the admin can name one instead ------------------
PLANNING_MODEL = env.tagged("PLANNING_MODEL", tags=("openai", "anthropic", "ollama"), example="ollama:qwen3")
PLANNING_MODEL_URL = env.url("PLANNING_MODEL_URL", schemes=("https", "http"))
# The name of the variable that holds the key. The key itself is read when it is needed, and kept nowhere.
PLANNING_MODEL_SECRET = env.text("PLANNING_MODEL_SECRET")
PLANNING_MODEL_INPUT_PRICE = env.decimal("PLANNING_MODEL_INPUT_PRICE", "0")
PLANNING_MODEL_OUTPUT_PRICE = env.decimal("PLANNING_MODEL_OUTPUT_PRICE", "0")
PLANNING_MODEL_COST_LIMIT = env.decimal("PLANNING_MODEL_COST_LIMIT", "1")
PLANNING_MODEL_SECONDS = env.integer("PLANNING_MODEL_SECONDS", 120, low=1, high=240)
NAMED_SECRET = env.text

# --- Pages --------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}
# What htmx may do under the policy above: no inserted styles, no eval, no scripts in fragments, this origin only.
HTMX_CONFIG = {
    "includeIndicatorStyles": False,
    "allowEval": False,
    "allowScriptTags": False,
    "selfRequestsOnly": True,
}
LANGUAGE_CODE = "en-gb"
USE_TZ = True
TIME_ZONE = "UTC"

# --- Messages of the processes ------------------------------------------------------------------------------------
LOGGING = logging_settings(
    level=env.choice("LOG_LEVEL", "INFO", options=("DEBUG", "INFO", "WARNING", "ERROR")),
    form=env.choice("LOG_FORMAT", "plain", options=("plain", "json")),
)
