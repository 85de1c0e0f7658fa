"""HTTP and WebSockets in one ASGI application; static files are answered before Django is asked."""

import os
from wsgiref.headers import Headers

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator_site.settings")
_django = get_asgi_application()

# Importable only now that Django is set up.
from django.conf import settings  # noqa: E402
from servestatic import ServeStaticASGI  # noqa: E402

from apps.dashboard.routing import websocket_urlpatterns  # noqa: E402


def _static_headers(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


def _http() -> ServeStaticASGI:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    return ServeStaticASGI(
        _django,
        root=settings.STATIC_ROOT,
        prefix=settings.STATIC_URL,
        allow_all_origins=False,
        add_headers_function=_static_headers,
    )


application = ProtocolTypeRouter(
    {
        "http": _http(),
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
