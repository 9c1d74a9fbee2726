"""Taking a merge back: what was hers is hers again, to the byte; what came since stays where it came to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audiences import membership
from audiences.bitmaps import Members
from audiences.models import Audience, AudienceMembers, Merge, MergeMoved, MergeRequest, Profile, ProfileChange
from audiences.oneid import actions
from audiences.oneid.log import current
from audiences.oneid.undo import WITHIN
from channels_out.models import Cap, CapUse, Message
from itinera.kit.errors import Refusal
from itinera.kit.models import AuditEntry
from itinera.kit.wire import django_cursor
from journeys.models import Enrolment, WalkError
from tests.acceptance.drawing import draw, node, sms, start
from tests.integration.engine import scene
from tests.integration.engine.scene import HOUR, MINUTE, NOON, publish, walk
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
    rows,
    told,
    two,
    who,
)

NAP = node("nap", "delay.for", {"duration": "PT1H"})
END = node("end", "exit")
# What is in flight or written anew by the merge itself is no part of the promise.
PROMISED = ("profile", "identity", "event", "consent_change", "enrolment", "path", "message", "walk_error", "cap_use")
LIVED = (*PROMISED, "profile_change")


def undo(log: Merge, days: float = 1) -> Merge:
    return actions.undo_merge(None, log.pk, LATER + timedelta(days=days))


def walks() -> list[tuple[int, int | None]]:
    """Whose they are, and why they are over."""
    return list(Enrolment.objects.order_by("entered_at").values_list("profile_id", "reason"))


@pytest.fixture
def lives(whole: None) -> tuple[int, int]:
    """Two who have lived: facts, events, consents, walks that are over, messages, places under caps."""
    scene.accounts()
    Cap.objects.create(name="three", limit=3, window="P7D")
    told({"member_id": "M0", "attributes": {"city": "上海"}, "tags": ["a"], "consent": {"sms": {"marketing": True}}},
         {"member_id": "M0", "phone": "+8613900000009"})  # fmt: skip
    told(
        {
            **line(**dict([PHONE])), "email": "x@y.test", "attributes": {"city": "北京", "n": 0.1, "big": 2**62},
            "tags": {"b": 2}, "consent": {"sms": {"marketing": True}, "email": {"marketing": False}},
            "zone": "Asia/Tokyo", "suppressed": ["push"],
        },
        at=NOON - HOUR,
    )  # fmt: skip
    stays, goes = who(*MEMBER), who(*PHONE)
    publish(draw(start(), sms(), END, reentry={"policy": "always"}))
    for turn, whom in enumerate((PHONE, MEMBER, PHONE)):
        did(whom, at=NOON + turn * MINUTE, n=turn)
        walk(NOON + turn * MINUTE)
    for profile in (stays, goes):
        WalkError.objects.create(shard=profile % 64, profile_id=profile, version_id=1, at=NOON, error="x", trace="")
        changed(profile, NOON, **{f"n{profile}": 1})
    return stays, goes


def test_undone_at_once_everything_is_as_it_was(lives: tuple[int, int]) -> None:
    stays, goes = lives
    before = rows(stays, LIVED), rows(goes, LIVED)
    assert len(before[1]["message"]) == 2
    log = become_one()
    assert not any(rows(goes, LIVED).values())
    assert log.merged_id == goes
    undone = undo(log)
    mine, hers = rows(stays, LIVED), rows(goes, LIVED)
    assert hers == before[1]
    # The survivor's row says when it was written; places under caps are hers still, and the history tells of both.
    assert _facts(stays) == {"city": "上海"}
    kept = [name for name in PROMISED if name not in ("profile", "cap_use")]
    assert {name: mine[name] for name in kept} == {name: before[0][name] for name in kept}
    assert len(CapUse.objects.get(profile_id=stays).times) == 3
    told_of = ProfileChange.objects.filter(profile_id=stays).order_by("id").values_list("source", "attributes")
    assert list(told_of)[-1] == (
        f"unmerge:{log.pk}",
        {"city": ["北京", "上海"], "n": [0.1, None], "big": [2**62, None]},
    )
    assert (undone.undone_at, undone.snapshot) == (LATER + timedelta(days=1), None)
    assert not MergeMoved.objects.exists()
    assert AuditEntry.objects.filter(verb="profile.unmerge", object=f"profile:{stays}").count() == 1
    assert current(goes) == goes


def _facts(profile: int) -> dict[str, object]:
    found: dict[str, object] = Profile.objects.get(pk=profile).attributes
    return found


def test_the_survivor_has_her_own_again(lives: tuple[int, int]) -> None:
    stays, _goes = lives
    undo(become_one())
    left = Profile.objects.get(pk=stays)
    assert (left.tags, left.zone) == ({"a": True}, None)
    # A withdrawal is never taken back for anybody, nor is a suppression.
    assert left.consent == {"sms": {"marketing": True}, "email": {"marketing": False}}
    assert left.suppressed == ["push"]


def test_they_are_not_brought_together_again_by_the_next_line(lives: tuple[int, int]) -> None:
    stays, goes = lives
    undo(become_one())
    link(MEMBER, PHONE)
    assert len(merged()) == 1
    assert Profile.objects.filter(pk__in=lives).count() == 2
    assert MergeRequest.objects.values_list("profile_id", "other_id", "state").get() == (stays, goes, "apart")


def test_what_came_since_stays_with_whoever_it_came_to(lives: tuple[int, int]) -> None:
    stays, goes = lives
    log = become_one()
    did(PHONE, "visit", LATER + HOUR)
    told({**line(**dict([PHONE])), "attributes": {"n": 7}}, {**line(**dict([PHONE])), "openid": "o"}, at=LATER + HOUR)
    undo(log)
    assert scene.one("SELECT count(*) FROM event WHERE profile_id = %s", goes) == 2
    assert _facts(goes) == {"city": "北京", "n": 0.1, "big": 2**62}
    assert _facts(stays) == {"city": "上海", "n": 7}
    assert (who(*PHONE), who("openid", "o")) == (goes, stays)
    did(PHONE, "visit", LATER + 2 * HOUR)
    assert scene.one("SELECT count(*) FROM event WHERE profile_id = %s", goes) == 3


def test_who_has_opted_out_since_has_done_so_as_both(lives: tuple[int, int]) -> None:
    stays, goes = lives
    log = become_one()
    told({**line(**dict([PHONE])), "consent": {"sms": {"marketing": False}}, "suppressed": ["sms"]}, at=LATER + HOUR)
    undo(log)
    for profile in Profile.objects.filter(pk__in=(stays, goes)):
        assert profile.consent["sms"] == {"marketing": False}
        assert set(profile.suppressed) == {"sms", "push"}


def test_a_consent_that_came_with_her_goes_with_her() -> None:
    told({"member_id": "M0"}, {**line(**dict([PHONE])), "consent": {"sms": {"marketing": True}}})
    stays, goes = who(*MEMBER), who(*PHONE)
    log = become_one()
    assert Profile.objects.get(pk=stays).consent == {"sms": {"marketing": True}}
    undo(log)
    assert Profile.objects.get(pk=stays).consent == {}
    assert Profile.objects.get(pk=goes).consent == {"sms": {"marketing": True}}


def test_a_walk_under_way_stays_with_its_messages_and_those_that_were_over_go() -> None:
    scene.accounts()
    stays, goes = two()
    publish(draw(start(), sms("first"), NAP, sms("second"), END, reentry={"policy": "always"}))
    did(PHONE)
    walk(NOON + HOUR)
    did(PHONE, at=NOON + 2 * HOUR)
    walk(NOON + 2 * HOUR)
    log = become_one(NOON + 2 * HOUR + MINUTE)
    undo(log)
    assert walks() == [
        (goes, 1),
        (stays, None),
    ]
    walk(NOON + 4 * HOUR)
    assert list(Message.objects.order_by("at", "id").values_list("profile_id", "node_id")) == [
        (goes, "first"), (goes, "second"), (stays, "first"), (stays, "second"),
    ]  # fmt: skip
    did(PHONE, at=NOON + 5 * HOUR)
    walk(NOON + 7 * HOUR)
    assert Message.objects.filter(profile_id=goes).count() == 4


def test_a_walk_that_the_merge_ended_is_hers_and_over() -> None:
    scene.accounts()
    stays, goes = two()
    publish(draw(start(), NAP, sms(), END))
    did(MEMBER)
    did(PHONE, at=NOON + MINUTE)
    walk(NOON + MINUTE)
    undo(become_one())
    assert walks() == [
        (stays, None),
        (goes, 6),
    ]


def test_audiences_have_her_where_she_was() -> None:
    stays, goes = two()
    audiences = [Audience.objects.create(slug=f"a{n}", name="", definition={}) for n in range(3)]
    for audience, people in zip(audiences, ([goes], [stays, goes], [goes]), strict=True):
        for shard, text in Members.of(people).dumped():
            AudienceMembers.objects.create(audience=audience, shard=shard, members=text)
    log = become_one()
    # One has been refreshed since, and found that the survivor belongs to it.
    Audience.objects.filter(pk=audiences[2].pk).update(refreshed_at=LATER + HOUR)
    undo(log)
    found = membership.load(django_cursor(), [each.pk for each in audiences]).values()
    assert [set(each.ids().tolist()) for each in found] == [{goes}, {stays, goes}, {stays, goes}]


def test_of_two_merges_into_one_either_can_be_undone() -> None:
    """Of what both said at the same time the older one's word counts, and goes with her."""
    told({"member_id": "M0"}, *({**line(phone=str(n)), "attributes": {"city": "上海", f"own{n}": n}} for n in range(2)))
    stays, first, second = who("member_id", "M0"), who("phone", "0"), who("phone", "1")
    for number in range(2):
        told({"member_id": "M0", "phone": str(number)}, at=LATER)
        merged()
    one, two_ = Merge.objects.order_by("pk")
    assert (one.merged_id, two_.merged_id) == (first, second)
    undo(one)
    assert _facts(stays) == {"own1": 1}
    undo(two_)
    assert _facts(stays) == {}
    assert _facts(second) == {"city": "上海", "own1": 1}


def test_what_a_later_merge_brought_anew_stays_with_it() -> None:
    told({"member_id": "M0"}, {**line(phone="0"), "attributes": {"city": "上海"}})
    told({**line(phone="1"), "attributes": {"city": "上海"}}, at=NOON - HOUR)
    stays = who("member_id", "M0")
    for number in range(2):
        told({"member_id": "M0", "phone": str(number)}, at=LATER)
        merged()
    one, other = Merge.objects.order_by("pk")
    undo(one)
    assert _facts(stays) == {"city": "上海"}
    undo(other)
    assert _facts(stays) == {}


def test_chains_are_undone_from_their_end() -> None:
    told(line(device_id="d"), line(phone="1"), {"member_id": "M0"})
    device, phone, member = who("device_id", "d"), who("phone", "1"), who("member_id", "M0")
    told({"device_id": "d", "phone": "1"}, at=LATER)
    merged()
    told({"member_id": "M0", "phone": "1"}, at=LATER)
    inner, outer = merged()
    assert (inner.survivor_id, outer.merged_id, current(device)) == (phone, phone, member)
    with pytest.raises(Refusal) as refused:
        undo(inner)
    assert refused.value.problems[0].code == "merged_further"
    assert str(outer.pk) in refused.value.problems[0].detail
    undo(outer)
    assert (current(device), who("device_id", "d"), who("phone", "1")) == (phone, phone, phone)
    undo(inner)
    assert (who("device_id", "d"), who("phone", "1"), who("member_id", "M0")) == (device, phone, member)


def test_what_cannot_be_undone_is_refused(lives: tuple[int, int]) -> None:
    log = become_one()
    with pytest.raises(Refusal) as late:
        actions.undo_merge(None, log.pk, log.at + WITHIN + timedelta(seconds=1))
    undo(log)
    with pytest.raises(Refusal) as again:
        undo(log)
    with pytest.raises(Refusal) as unknown:
        actions.undo_merge(None, log.pk + 1, LATER)
    codes = [each.value.problems[0].code for each in (late, again, unknown)]
    assert codes == ["too_late", "already_undone", "not_found"]
