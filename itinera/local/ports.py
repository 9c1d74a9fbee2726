"""Ports on loopback: the one remembered or wished for, else the next free one."""

from __future__ import annotations

import socket

from itinera.local.screen import Stop

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do; past connections do not count
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int, host: str = LOOPBACK) -> bool:
    """Whether something listens there now."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def choose(wished: int, span: int = 50) -> int:
    """The wished port, or the next free one above it."""
    for port in range(wished, wished + span):
        if is_free(port):
            return port
    raise Stop(
        f"端口 {wished} 到 {wished + span - 1} 都被占用。请设 WEB_PORT 为一个空闲端口再试。",
        f"Ports {wished} to {wished + span - 1} are all taken. Set WEB_PORT to a free one and try again.",
    )


def any_free(remembered: str | None) -> int:
    """The remembered port if it is free, else one that the system picks."""
    if remembered and remembered.isdigit() and is_free(int(remembered)):
        return int(remembered)
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
