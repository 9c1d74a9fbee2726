"""The journey that is walked while things die: two messages, a delay, a wait. Seconds instead of days."""

from __future__ import annotations

from tests.acceptance.drawing import draw, node, sms, start

NAP, PATIENCE = 2, 12  # seconds
CONCURRENCY = 8  # calls in flight of each account
MAIL = {"channel": "email", "content": {"subject": "hello", "text": "{{ entry.order }}"}, "category": "service"}
CANVAS = draw(
    start(),
    sms("text", text="{{ entry.order }}", category="service"),
    node("nap", "delay.for", {"duration": f"PT{NAP}S"}),
    node(
        "wait",
        "wait.event",
        {"paths": [{"id": "came", "event": "login", "where": []}], "timeout": f"PT{PATIENCE}S"},
        came="mail",
        timeout="end",
    ),
    node("mail", "message", MAIL),
    node("end", "exit"),
    slug="crash",
)
