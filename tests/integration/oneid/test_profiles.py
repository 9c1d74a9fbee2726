"""What becomes of two profiles: facts, history, identities, audiences; and of pairs that contradict each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from audiences import membership
from audiences.bitmaps import Members
from audiences.models import (
    Audience,
    AudienceMembers,
    ConsentChange,
    Event,
    EventType,
    Identity,
    Interest,
    Merge,
    MergeMoved,
    MergeRequest,
    Profile,
    ProfileChange,
)
from audiences.oneid import actions
from audiences.oneid.conflicts import MOST_CONFLICTS, MOST_EVENTS
from audiences.oneid.undo import WITHIN
from audiences.stages import merge
from itinera.kit.errors import Refusal
from itinera.kit.models import AuditEntry
from itinera.kit.wire import django_cursor
from tests.integration.engine.scene import HOUR, MINUTE, NOON, ask
from tests.integration.oneid.scene import (
    LATER,
    MEMBER,
    PHONE,
    become_one,
    changed,
    did,
    line,
    link,
    merged,
    told,
    two,
    who,
)


def state() -> dict[tuple[int, int], tuple[str, str | None]]:
    rows = MergeRequest.objects.order_by("profile_id", "other_id")
    return {(each.profile_id, each.other_id): (each.state, each.reason) for each in rows}


def test_the_survivor_has_everything_and_nobody_else_is_left() -> None:
    told({"member_id": "M0", "attributes": {"city": "上海", "level": 1}, "tags": ["a"], "suppressed": ["push"]})
    told(
        {
            **line(**dict([PHONE])), "attributes": {"city": "北京", "size": "M"}, "tags": ["b"], "zone": "Asia/Tokyo",
            "suppressed": ["email"],
        },
        at=NOON - HOUR,
    )  # fmt: skip
    did(PHONE)
    did(MEMBER)
    stays, goes = who(*MEMBER), who(*PHONE)
    log = become_one()
    left = Profile.objects.get()
    assert (left.pk, left.unit, left.zone) == (stays, "M0", "Asia/Tokyo")
    assert left.attributes == {"city": "北京", "level": 1, "size": "M"}
    assert left.tags == {"a": True, "b": True}
    assert left.suppressed == ["email", "push"]
    assert set(Identity.objects.values_list("profile_id", flat=True)) == {stays}
    assert set(Event.objects.values_list("profile_id", flat=True)) == {stays}
    change = ProfileChange.objects.get(source=f"merge:{log.pk}")
    assert change.attributes == {"city": ["上海", "北京"], "size": [None, "M"]}
    assert change.tags == {"b": [None, True]}
    assert AuditEntry.objects.get(verb="profile.merge").object == f"profile:{stays}"
    assert (log.merged_id, log.source, log.kind) == (goes, "test", "phone")
    assert not MergeRequest.objects.exists()


def test_what_was_written_last_counts_though_the_profile_is_older() -> None:
    told({"member_id": "M0", "attributes": {"city": "上海"}}, {**line(**dict([PHONE])), "attributes": {"city": "北京"}})
    stays, goes = who(*MEMBER), who(*PHONE)
    for profile, at in ((stays, NOON - HOUR), (goes, NOON - MINUTE)):
        changed(profile, at, city="x")
    become_one()
    assert Profile.objects.get().attributes == {"city": "北京"}
    assert set(ProfileChange.objects.values_list("profile_id", flat=True)) == {stays}


@pytest.mark.parametrize(("given", "then"), [(NOON - 3 * HOUR, False), (NOON + MINUTE, True)])
def test_a_withdrawal_gives_way_to_a_later_consent_alone(given: Any, then: bool) -> None:
    no, yes = ({"sms": {"marketing": value}} for value in (False, True))
    told({"member_id": "M0", "consent": no, "updated": NOON.isoformat()}, at=NOON)
    told({**line(**dict([PHONE])), "consent": yes, "updated": given.isoformat()}, at=NOON + HOUR)
    become_one()
    left = Profile.objects.get()
    assert left.consent == {"sms": {"marketing": then}}
    assert ConsentChange.objects.filter(profile_id=left.pk).count() == 2


def test_nothing_is_told_to_journeys_but_what_had_happened() -> None:
    """That she now has the other's tag is no event in anybody's life."""
    told({"member_id": "M0"}, {**line(**dict([PHONE])), "tags": ["vip"]})
    added = EventType.objects.create(name="tag.added")
    Interest.objects.create(type_id=added.pk, version_id=1, subject="")
    become_one()
    assert ask("SELECT count(*) FROM feed") == [(0,)]


def test_the_survivor_is_in_every_audience_in_which_either_was() -> None:
    stays, goes = two()
    audiences = [Audience.objects.create(slug=f"a{n}", name="", definition={}) for n in range(4)]
    for audience, members in zip(audiences, ([goes], [stays], [stays, goes], [goes, goes + 64]), strict=True):
        for shard, text in Members.of(members).dumped():
            AudienceMembers.objects.create(audience=audience, shard=shard, members=text)
    become_one()
    assert _members(audiences) == [{stays}, {stays}, {stays}, {stays, goes + 64}]


def _members(audiences: list[Audience]) -> list[set[int]]:
    found = membership.load(django_cursor(), [each.pk for each in audiences])
    return [set(found[each.pk].ids().tolist()) for each in audiences]


def test_two_member_numbers_wait_for_somebody_who_decides() -> None:
    told({"member_id": "M0"}, {"member_id": "M1"}, {"member_id": "M0", "phone": "1"}, {"member_id": "M1", "phone": "1"})
    one, other = who("member_id", "M0"), who("member_id", "M1")
    assert merged() == []
    assert state() == {(one, other): ("conflict", "two:member_id")}
    told({"member_id": "M1", "phone": "1"})
    assert merged() == []
    assert state() == {(one, other): ("conflict", "two:member_id")}


def test_a_new_member_on_a_known_device_is_somebody_else() -> None:
    told({"member_id": "M0", "device_id": "d"})
    did(("device_id", "d"))
    told({"member_id": "M1", "device_id": "d"})
    assert merged() == []
    one, other = who("member_id", "M0"), who("member_id", "M1")
    assert one != other == Profile.objects.order_by("id").last().pk  # type: ignore[union-attr]
    assert who("device_id", "d") == one
    assert state() == {(one, other): ("conflict", "two:member_id")}


def test_kinds_of_people_are_never_one_not_even_by_hand() -> None:
    stays, goes = two()
    Profile.objects.filter(pk=goes).update(kind="staff")
    link(MEMBER, PHONE)
    assert merged() == []
    assert state() == {(stays, goes): ("conflict", "different_kinds")}
    with pytest.raises(Refusal) as refused:
        actions.merge_anyway(None, MergeRequest.objects.get().pk, LATER)
    assert refused.value.problems[0].code == "different_kinds"
    assert Profile.objects.count() == 2


def test_somebody_who_has_looked_may_merge_what_contradicts() -> None:
    told({"member_id": "M0", "phone": "1"}, {"member_id": "M1", "email": "a@b.test"})
    told({"member_id": "M0", "email": "a@b.test"})
    merged()
    log = actions.merge_anyway(None, MergeRequest.objects.get().pk, LATER)
    assert (log.survivor_id, log.kind) == (who("member_id", "M0"), "email")
    assert who("member_id", "M1") == log.survivor_id
    assert not MergeRequest.objects.exists()


def test_who_is_kept_apart_is_not_asked_about_again() -> None:
    told({"member_id": "M0"}, {"member_id": "M1"}, {"member_id": "M0", "phone": "1"}, {"member_id": "M1", "phone": "1"})
    merged()
    pair = actions.keep_apart(None, MergeRequest.objects.get().pk, LATER)
    told({"member_id": "M1", "phone": "1"})
    merged()
    assert state() == {(pair.profile_id, pair.other_id): ("apart", None)}
    assert AuditEntry.objects.filter(verb="profile.apart").count() == 1


def test_who_is_kept_apart_stays_so_when_one_of_them_is_merged() -> None:
    """A ≠ b; c comes, who is a, and then a line says that c is b."""
    told(*(line(device_id=name) for name in "abc"))
    a, b, c = (who("device_id", name) for name in "abc")
    told({"device_id": "a", "phone": "1"}, {"device_id": "b", "phone": "1"})
    actions.keep_apart(None, MergeRequest.objects.get().pk, LATER)
    told({"device_id": "a", "email": "x"}, {"device_id": "c", "email": "x"})
    merged()
    assert who("device_id", "c") == a
    told({"device_id": "c", "openid": "o"}, {"device_id": "b", "openid": "o"})
    merged()
    assert who("device_id", "b") == b
    assert state() == {(a, b): ("apart", None)}
    assert c not in Profile.objects.values_list("pk", flat=True)
    log = actions.merge_profiles(None, c, b, LATER)
    assert (log.survivor_id, log.merged_id) == (a, b)
    assert state() == {}


def test_pairs_of_whoever_went_are_about_the_survivor() -> None:
    told({"member_id": "M0"}, line(phone="1"), {"member_id": "M2"})
    told({"member_id": "M2", "email": "x"}, {"phone": "1", "email": "x"})  # M2 = 1, which is to wait
    MergeRequest.objects.update(state="conflict", reason="many:phone")
    told({"member_id": "M0", "phone": "1"})
    merged()
    one, other = who("member_id", "M0"), who("member_id", "M2")
    assert state() == {(one, other): ("conflict", "many:phone")}


def test_a_device_of_many_takes_nobody_in_and_asks_no_more_than_can_be_answered() -> None:
    for number in range(MOST_CONFLICTS * 2):
        told({"member_id": f"M{number}", "device_id": "till"})
        merged()
    assert Profile.objects.count() == MOST_CONFLICTS * 2
    assert MergeRequest.objects.count() == MOST_CONFLICTS
    for number in range(30):
        told(line(phone=str(number), device_id="tablet"))
    merged()
    assert Identity.objects.filter(profile_id=who("device_id", "tablet"), kind="phone").count() == 10


def test_what_would_take_too_long_waits_for_somebody_who_decides() -> None:
    stays, goes = two()
    did(PHONE)
    columns = "profile_id, shard, time, received_at, type_id"
    more = f"INSERT INTO event ({columns}) SELECT {columns} FROM event, generate_series(1, %s) RETURNING 1"
    ask(more, MOST_EVENTS)
    link(MEMBER, PHONE)
    assert merged() == []
    assert state() == {(stays, goes): ("conflict", "too_large")}
    actions.merge_anyway(None, MergeRequest.objects.get().pk, LATER)
    assert Event.objects.filter(profile_id=stays).count() == MOST_EVENTS + 1


def test_by_hand_old_numbers_will_do() -> None:
    stays, goes = two()
    log = become_one()
    told(line(email="x"))
    found = actions.merge_profiles(None, goes, who("email", "x"), LATER)
    assert (found.survivor_id, found.source) == (stays, "hand")
    assert log.pk != found.pk
    for pair, code in (((stays, goes), "same_profile"), ((stays, 12345), "not_found")):
        with pytest.raises(Refusal) as refused:
            actions.merge_profiles(None, *pair, LATER)
        assert refused.value.problems[0].code == code


def test_after_a_month_the_log_keeps_no_copy_of_anybody() -> None:
    two()
    did(PHONE)
    become_one()
    assert Merge.objects.filter(snapshot__isnull=False, changed__isnull=False).count() == 1
    assert MergeMoved.objects.exists()
    merge.run(LATER + WITHIN + timedelta(seconds=1))
    log = Merge.objects.get()
    assert (log.snapshot, log.changed) == (None, None)
    assert not MergeMoved.objects.exists()
    with pytest.raises(Refusal) as refused:
        actions.undo_merge(None, log.pk, LATER)
    assert refused.value.problems[0].code == "too_late"
