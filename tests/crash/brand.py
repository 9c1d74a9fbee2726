"""Sets up what the crash tests walk through, in a running stack: accounts, a journey, a token. Prints the token."""

from __future__ import annotations

import os
import sys

import django

from tests.crash.journey import CANVAS, CONCURRENCY


def main() -> None:
    """Make everything once; the stack's addresses come from the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itinera.settings")
    django.setup()
    from channels_out import sandbox_accounts
    from channels_out.models import Account
    from itinera.access import tokens
    from itinera.kit import clock
    from journeys import actions

    # `up` starts the sandbox, which makes its own accounts; here they are only made quick.
    found = Account.objects.filter(slug__in=[sandbox_accounts.SMS, sandbox_accounts.EMAIL])
    assert found.update(rate_per_second=5_000, concurrency=CONCURRENCY) == 2
    now = clock.now()
    actions.publish(actions.save_draft(CANVAS, None), None, now)
    _, secret = tokens.issue("crash", ["ingest", "read"])
    sys.stdout.write(secret + "\n")


if __name__ == "__main__":
    main()
