"""ASGI entry: HTTP by Django, WebSockets by Channels."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itinera.settings")
pages = get_asgi_application()  # loads the apps; what follows needs them

from journeys.routing import websocket  # noqa: E402

application = ProtocolTypeRouter({"http": pages, "websocket": websocket})
