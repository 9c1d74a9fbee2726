"""One client that posts orders, and logins of every other customer some seconds later, until all are accepted.

python -m tests.crash.feeder ADDRESS FIRST LAST SECONDS [orders], the token on standard input; `orders` leaves the
logins out. What is not answered, or answered with 5xx or 429, is sent again with the same ids, as the contract
allows. Prints a line per accepted batch.
"""

from __future__ import annotations

import heapq
import json
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
BATCH, LATER = 25, 5.0  # events; seconds between an order and the login that follows it


def order(number: int, at: str) -> Json:
    """The order of a customer; her identities come with it."""
    who = {"member_id": f"K{number}", "identities": {"phone": f"+86138{number:08}", "email": f"k{number}@example.test"}}
    return {"id": f"order-{number}", **who, "event": "order_paid", "time": at, "properties": {"order": f"o{number}"}}


def login(number: int, at: str) -> Json:
    return {"id": f"login-{number}", "member_id": f"K{number}", "event": "login", "time": at, "properties": {}}


def post(address: str, token: str, events: list[Json]) -> Json:
    """Post until it is accepted; an answer that says that we are wrong ends the program."""
    body = json.dumps({"events": events}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    while True:
        request = urllib.request.Request(f"{address}/api/v1/events", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                found: Json = json.load(answer)
                return found
        except urllib.error.HTTPError as refusal:
            if refusal.code < 500 and refusal.code != 429:
                raise SystemExit(f"{refusal.code}: {refusal.read().decode()}") from refusal
        except (OSError, ValueError):
            pass  # no answer at all, or half of one
        time.sleep(0.2)


def main() -> None:
    """Post this client's share at an even pace."""
    address, first, last, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    only_orders = sys.argv[5:] == ["orders"]
    token, began = sys.stdin.readline().strip(), time.monotonic()
    pace = seconds * BATCH / max(1, last - first)
    due: list[tuple[float, int, str]] = [(0.0, first, "order")] if first < last else []
    while due:
        after, number, kind = heapq.heappop(due)
        time.sleep(max(0.0, began + after - time.monotonic()))
        at, elapsed = datetime.now(UTC).isoformat(), time.monotonic() - began
        numbers = range(number, min(number + BATCH, last))
        if kind == "order":
            events = [order(each, at) for each in numbers]
            if number + BATCH < last:  # one after the other, however late: logins must not starve behind them
                heapq.heappush(due, (max(elapsed, after + pace), number + BATCH, "order"))
            if not only_orders:
                heapq.heappush(due, (elapsed + LATER, number, "login"))
        else:
            events = [login(each, at) for each in numbers if each % 2 == 0]
        answer = post(address, token, events)
        now = datetime.now(UTC).isoformat()
        told = {
            "kind": kind,
            "at": at,
            "answered": now,
            "members": [event["member_id"] for event in events],
            "answer": answer,
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
