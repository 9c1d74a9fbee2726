"""Takes a merge back, in the caller's transaction: the profile that went is there again, with what was hers.

What it promises: her row as it was; her identities, where they still are the survivor's; her events, history, consents
and walks that were over, with their messages. Walks that were under way stay with the survivor, and so does all that
came since: it came to whoever the identities named. Facts that the survivor took over and nobody has changed since are
as they were before. Agreement never grows by it: what is withdrawn now is withdrawn for both, a channel suppressed
since is suppressed for both, and one that became the survivor's by the merge stays so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from audiences import changes
from audiences.followers import FOLLOWERS, Return
from audiences.hints import work_arrived
from audiences.models.merge import Merge, MergeMoved
from audiences.models.profile import Profile
from itinera.kit import audit
from itinera.kit.errors import Refusal
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

_SQL = queries(__file__, "undo.sql")
DAYS = 30
"""So long a merge can be undone."""
WITHIN = timedelta(days=DAYS)

Changed = dict[str, Any]
"""What a merge brought to the survivor (`Merge.changed`)."""


def undo(cursor: Cursor, number: int, now: datetime, actor: audit.Actor) -> Merge:
    """Undo one merge. The caller is alone with both (`lock.alone_with`). Refusal where it cannot be undone."""
    merge = _undoable(number, now)
    cursor.execute(_SQL["revive"], {"merge": merge.pk})
    cursor.execute(_SQL["identities_back"], {"merge": merge.pk})
    moved = {row.follower: row.moved for row in MergeMoved.objects.filter(merge=merge)}
    back = Return(merge.pk, merge.survivor_id, merge.merged_id, merge.lift, merge.at, now)
    walks = [each.staying(cursor, back, moved.get(name)) for name, each in FOLLOWERS.items()]
    back = replace(back, staying=frozenset().union(*walks))
    for name, follower in FOLLOWERS.items():
        follower.back(cursor, back, moved.get(name))
    _give_up(cursor, merge, now)
    both = {"survivor": merge.survivor_id, "merged": merge.merged_id}
    known = list((merge.changed or {}).get("suppressed", ()))
    cursor.execute(_SQL["refused_by_both"], {**both, "known": known})
    _close(merge, now, actor)
    _keep_apart(cursor, merge, now)
    told = {"merged": merge.merged_id, "merge": merge.pk}
    audit.record(actor, "profile.unmerge", f"profile:{merge.survivor_id}", told, None)
    transaction.on_commit(work_arrived)
    return merge


def _close(merge: Merge, now: datetime, actor: audit.Actor) -> None:
    """It is over, and keeps no copy of anybody."""
    merge.undone_at, merge.undone_by = now, actor if isinstance(actor, User) else None
    merge.snapshot = merge.changed = None
    merge.save(update_fields=["undone_at", "undone_by", "snapshot", "changed"])
    MergeMoved.objects.filter(merge=merge).delete()


def _undoable(number: int, now: datetime) -> Merge:
    merge = Merge.objects.select_for_update().filter(pk=number).first()
    if merge is None:
        raise Refusal.because("not_found", _("There is no such merge."), status=404)
    if merge.undone_at is not None:
        raise Refusal.because("already_undone", _("This merge has been undone already."), status=409)
    if now - merge.at > WITHIN or merge.snapshot is None:
        words = _("A merge can be undone for %(days)d days; this one is older.") % {"days": DAYS}
        raise Refusal.because("too_late", words, status=409)
    further = Merge.objects.filter(merged_id=merge.survivor_id, undone_at=None).first()
    if further is not None:
        words = _("Whoever stayed has been merged further since: undo merge %(number)d first.")
        raise Refusal.because("merged_further", words % {"number": further.pk}, status=409)
    if not Profile.objects.filter(pk=merge.survivor_id).exists():
        raise Refusal.because("not_found", _("Whoever stayed is no longer there."), status=404)
    return merge


def _give_up(cursor: Cursor, merge: Merge, now: datetime) -> None:
    """The survivor's facts without what this merge brought, where that is still what she has.

    What a later merge brought anew stays; should that one be undone as well, she will have what she had before both.
    """
    survivor = Profile.objects.get(pk=merge.survivor_id)
    later = Merge.objects.filter(survivor_id=survivor.pk, undone_at=None, changed__isnull=False, pk__gt=merge.pk)
    heirs = list(later.order_by("pk"))
    changed: Changed = merge.changed or {}
    brought: list[Changed] = [heir.changed or {} for heir in heirs]
    has = {"attributes": survivor.attributes, "tags": survivor.tags}
    sides = {what: _lost(what, changed.get(what, {}), values, brought) for what, values in has.items()}
    consent = _without(survivor.consent, changed.get("consent", []), brought)
    zone = _zone(survivor.zone, changed.get("zone"), brought)
    for heir in heirs:
        heir.save(update_fields=["changed"])
    params: dict[str, Any] = {"survivor": survivor.pk, "consent": json.dumps(consent), "zone": zone, "now": now}
    for what, lost in sides.items():
        params[what] = json.dumps({name: was for name, (_is, was) in lost.items() if was is not None})
        params[f"no_{what}"] = [name for name, (_is, was) in lost.items() if was is None]
    cursor.execute(_SQL["give_up"], params)
    told = changes.Change(survivor.pk, sides["attributes"], sides["tags"])
    changes.keep(cursor, [told], now, f"unmerge:{merge.pk}")


def _lost(
    what: str, changed: Mapping[str, Sequence[Any]], has: Mapping[str, Any], brought: Sequence[Changed]
) -> dict[str, list[Any]]:
    """By name what she has and what she had."""
    found: dict[str, list[Any]] = {}
    for name, (before, after) in changed.items():
        heir = next((each for each in brought if name in each.get(what, {})), None)
        if heir is not None:
            heir[what][name][0] = before
        elif has.get(name) == after and before != after:
            found[name] = [after, before]
    return found


def _without(
    consent: dict[str, dict[str, bool]], changed: Sequence[Sequence[Any]], brought: Sequence[Changed]
) -> dict[str, dict[str, bool]]:
    """Consents that came from her who goes are given up. Withdrawals are not: they may have been meant for both."""
    for channel, category, before, after in changed:
        rows = (row for each in brought for row in each.get("consent", []))
        heir = next((row for row in rows if row[:2] == [channel, category]), None)
        if heir is not None:
            heir[2] = before
        elif after is True and consent.get(channel, {}).get(category) is True and before is not True:
            if before is None:
                del consent[channel][category]
            else:
                consent[channel][category] = before
    return {channel: categories for channel, categories in consent.items() if categories}


def _zone(has: str | None, changed: Sequence[str | None] | None, brought: Sequence[Changed]) -> str | None:
    if changed is None:
        return has
    heir = next((each for each in brought if each.get("zone")), None)
    if heir is not None:
        heir["zone"][0] = changed[0]
        return has
    return changed[0] if has == changed[1] else has


def _keep_apart(cursor: Cursor, merge: Merge, now: datetime) -> None:
    """Or the next line with identities of both would bring them together again."""
    one, other = sorted((merge.survivor_id, merge.merged_id))
    params = {"one": one, "other": other, "kind": merge.kind, "source": merge.source, "at": merge.at, "now": now}
    cursor.execute(_SQL["keep_apart"], {**params, "by": merge.undone_by_id})
