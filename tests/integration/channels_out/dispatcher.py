"""`python -m tests.integration.channels_out.dispatcher`: once told to go, dispatches until it is killed."""

from __future__ import annotations

import sys
import time

import django


def main() -> None:
    django.setup()
    from channels_out.stages import dispatch
    from itinera.kit import clock

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    while True:
        dispatch.run(clock.now(), 500)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
