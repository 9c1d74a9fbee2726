"""Loaded before any setting is read: what has to be decided for one test process.

Test processes that run side by side share one broker; each gets numbered spaces of its own in it, three as the site
uses (tasks, live pages, cache), so that no test sees another process's hints.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

SPACES = 3


def own_space(address: str, worker: str) -> str:
    """The broker's address for a test process named gw0, gw1 …"""
    number = int("".join(filter(str.isdigit, worker)) or 0)
    url = urlsplit(address)
    return url._replace(path=f"/{int(url.path.strip('/') or 0) + SPACES * number}").geturl()


if "PYTEST_XDIST_WORKER" in os.environ and "BROKER_URL" in os.environ:
    os.environ["BROKER_URL"] = own_space(os.environ["BROKER_URL"], os.environ["PYTEST_XDIST_WORKER"])
os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver")
