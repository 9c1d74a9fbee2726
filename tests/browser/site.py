"""The site as a program of its own, on a free port of this machine, over the test's database."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from itinera.local.home import PROJECT

PATIENCE = 60.0


@contextmanager
def running_site(environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Starts it, waits until it answers, gives its address, and stops it."""
    port = _free_port()
    settings = {"DJANGO_SETTINGS_MODULE": "tests.browser.settings", "ALLOWED_HOSTS": "127.0.0.1"}
    command = [sys.executable, "-m", "uvicorn", "itinera.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as said:
        site = subprocess.Popen(command, cwd=PROJECT, env={**environment, **settings}, stdout=said, stderr=said)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/login/", site, log)
            yield address
        finally:
            _stop(site)


def _wait_for(address: str, site: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and site.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the site did not start:\n{log.read_text(errors='replace')[-3000:]}")


def _stop(site: subprocess.Popen[bytes]) -> None:
    site.terminate()
    try:
        site.wait(10)
    except subprocess.TimeoutExpired:
        site.kill()
        site.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
