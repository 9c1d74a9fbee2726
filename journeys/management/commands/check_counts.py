"""`manage.py check_counts`: every figure on the canvas against the rows that it stands for."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from journeys.recount import differences


class Command(BaseCommand):
    """Exits 1 when a counter differs from its rows, which none may at any time. Reads all paths, walks and messages.

    Each kind is one query, and vacuum waits for it: on a large installation run it when little else runs.
    """

    help = "Compares every counter with the rows it counts, prints each difference, and exits 1 if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        found = differences()
        for each in found:
            words = _("the counter says %(counted)s, the rows %(found)s")
            told = words % {"counted": f"{each.counted:,}", "found": f"{each.found:,}"}
            self.stdout.write(f"{each.kind}  {each.place}  {told}")
        if found:
            sys.exit(1)
        self.stdout.write(_("All counters equal the rows."))
