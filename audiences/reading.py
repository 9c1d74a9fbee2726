"""Who is in audiences, for whoever rests on them: as they are stored, or as they would be now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.utils.translation import gettext as _

from audiences import membership
from audiences.bitmaps import Members
from audiences.definitions.base import Scope, kind_of
from audiences.models import Audience
from itinera.kit.errors import Problem, Refusal


def members_of_audiences(slugs: Collection[str], scope: Scope) -> dict[str, Members]:
    """As of their last refresh; those that were never refreshed, and with `scope.live` all that time changes, are
    computed. Refusal if one is not there. Unfinished when the time is up.
    """
    rows = {row.slug: row for row in Audience.objects.filter(slug__in=slugs)}
    if missing := sorted(set(slugs) - rows.keys()):
        words = _("There is no audience %(slug)s.")
        raise Refusal([Problem("unknown_audience", words % {"slug": slug}) for slug in missing])
    # Nobody of one kind of people is in an audience of another.
    found = {slug: Members() for slug, row in rows.items() if row.kind != scope.kind}
    computed = {slug for slug, row in rows.items() if slug not in found and _is_computed(row, scope)}
    stored = {row.pk: slug for slug, row in rows.items() if slug not in found and slug not in computed}
    found |= {stored[number]: members for number, members in membership.load(scope.cursor, stored).items()}
    return found | {slug: compute(rows[slug], scope) for slug in sorted(computed)}


def compute(row: Audience, scope: Scope) -> Members:
    """Who belongs to it by its definition at `scope.at`, whatever is stored."""
    kind, value = kind_of(row.definition)
    return kind.members(kind.read(value, ""), replace(scope, slug=row.slug))


def _is_computed(row: Audience, scope: Scope) -> bool:
    kind, _value = kind_of(row.definition)
    return row.refreshed_at is None or (scope.live and not kind.is_static)
