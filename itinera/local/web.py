"""The ASGI web server: `python -m itinera.local.web PORT`. Loopback only; a public site puts a TLS proxy in front."""

from __future__ import annotations

import os
import sys

import uvicorn

from itinera.local.ports import LOOPBACK


def serve(port: int) -> None:
    """Serves until a signal. Logs go where the project's settings send them, without a line per request."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itinera.settings")
    uvicorn.run(
        "itinera.asgi:application",
        host=LOOPBACK,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws_max_size=64 * 1024,
        timeout_graceful_shutdown=3,
        forwarded_allow_ips=LOOPBACK,
    )


if __name__ == "__main__":
    serve(int(sys.argv[1]))
