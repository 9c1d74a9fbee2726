"""What people do about profiles that are one, or are not: each one transaction and one audit row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from audiences.models.merge import Merge, MergeRequest, MergeState
from audiences.models.profile import Profile
from audiences.oneid import merge as merging
from audiences.oneid import undo as undoing
from audiences.oneid.groups import Wanted
from audiences.oneid.lock import COLLISIONS, alone_with
from audiences.oneid.log import current
from audiences.oneid.words import in_words
from itinera.kit import audit
from itinera.kit.errors import Refusal
from itinera.kit.wire import Cursor, django_cursor

HAND = "hand"
"""The source of a merge that a person asked for."""
_TRIES = 4

T = TypeVar("T")


def merge_profiles(actor: audit.Actor, one: int, other: int, now: datetime) -> Merge:
    """Make these two one, because somebody has looked. Old numbers stand for whoever they were merged into.

    Refusal `not_found`, `same_profile` or `different_kinds`.
    """
    pair = (current(one), current(other))
    if pair[0] == pair[1]:
        raise Refusal.because("same_profile", _("These two are one profile already."), status=409)
    return _merge(actor, Wanted(None, *pair, kind="", source=HAND, anyway=True), now)


def merge_anyway(actor: audit.Actor, number: int, now: datetime) -> Merge:
    """Merge a pair that contradicts itself, was kept apart, or waits for its turn. Refusal as above."""
    asked = _request(number)
    return _merge(actor, Wanted(None, asked.profile_id, asked.other_id, asked.kind, asked.source, anyway=True), now)


def keep_apart(actor: audit.Actor, number: int, now: datetime) -> MergeRequest:
    """These two are two people: no line brings the question up again."""
    with transaction.atomic():
        asked = _request(number, lock=True)
        before = asked.state
        asked.state, asked.reason = MergeState.APART, None
        asked.decided_by, asked.decided_at = actor if isinstance(actor, User) else None, now
        asked.save()
        pair = {"profile": asked.profile_id, "other": asked.other_id}
        audit.record(
            actor, "profile.apart", f"mergerequest:{number}", {"state": before}, {**pair, "state": asked.state}
        )
    return asked


def undo_merge(actor: audit.Actor, number: int, now: datetime) -> Merge:
    """Take a merge back (what that promises: `audiences.oneid.undo`). Refusal where it cannot be undone."""
    merge = Merge.objects.filter(pk=number).first()
    if merge is None:
        raise Refusal.because("not_found", _("There is no such merge."), status=404)
    _prepare(now)
    return _alone((merge.survivor_id, merge.merged_id), lambda cursor: undoing.undo(cursor, number, now, actor))


def _merge(actor: audit.Actor, wanted: Wanted, now: datetime) -> Merge:
    pair = (wanted.one, wanted.other)
    if Profile.objects.filter(pk__in=pair).count() < 2:
        raise Refusal.because("not_found", _("There is no such profile."), status=404)
    _prepare(now)

    def work(cursor: Cursor) -> Merge:
        formed = merging.merge(cursor, [wanted], now, actor)
        if formed.refused:
            ((_pair, reason),) = formed.refused
            raise Refusal.because(reason, in_words(reason), status=409)
        made = Merge.objects.filter(merged_id__in=pair, survivor_id__in=pair, undone_at=None).first()
        if made is None:
            raise _busy()
        return made

    return _alone(pair, work)


def _request(number: int, *, lock: bool = False) -> MergeRequest:
    rows = MergeRequest.objects.select_for_update() if lock else MergeRequest.objects.all()
    found = rows.filter(pk=number).first()
    if found is None:
        words = _("There is no such merge request; it may have been settled meanwhile.")
        raise Refusal.because("not_found", words, status=404)
    return found


def _prepare(now: datetime) -> None:
    with transaction.atomic():
        merging.prepare(django_cursor(), now)


def _alone(profiles: Iterable[int], work: Callable[[Cursor], T]) -> T:
    """Do it as soon as ingestion and waves make room: they need a moment, not more."""
    wanted = tuple(profiles)
    for tries in range(_TRIES):
        try:
            with alone_with(wanted, tries) as cursor:
                return work(cursor)
        except COLLISIONS:
            continue
    raise _busy()


def _busy() -> Refusal:
    return Refusal.because("busy", _("So much comes in right now that there was no room. Try again."), status=409)
