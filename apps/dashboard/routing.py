"""The dashboard's WebSocket addresses."""

from typing import Any

from django.urls import path

from apps.dashboard.live.consumer import LiveConsumer

_live: Any = LiveConsumer.as_asgi()

websocket_urlpatterns = [path("ws/live", _live)]
