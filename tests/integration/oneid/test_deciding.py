"""Deciding about pairs and undoing merges: over the API, and in the admin with a question asked first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.test import Client

from audiences.models import Merge, MergeRequest, Profile
from itinera.access.tokens import issue
from itinera.kit import clock
from itinera.kit.models import AuditEntry
from tests.integration.oneid.scene import merged, told, who

Call = Callable[..., Any]
PHONE, MASKED = "+8613812341234", "+86138****1234"


@pytest.fixture
def api(whole: None) -> Call:
    """Calls with a token that may read and operate."""
    cache.clear()
    secret = issue("shop", ["read", "operate"])[1]
    client = Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})

    def call(method: str, address: str, body: Any = None, **headers: str) -> Any:
        data = {} if method == "get" else {"data": orjson.dumps(body), "content_type": "application/json"}
        return getattr(client, method)(f"/api/v1/{address}", **data, headers=headers)

    return call


@pytest.fixture
def pair(whole: None) -> MergeRequest:
    """Two members who share a telephone."""
    now = clock.now()
    told({"member_id": "M0", "phone": PHONE}, {"member_id": "M1"}, {"member_id": "M1", "phone": PHONE}, at=now)
    assert merged(now) == []
    return MergeRequest.objects.get()


def test_pairs_that_wait_are_listed_with_their_reason_and_masked(api: Call, pair: MergeRequest) -> None:
    (row,) = api("get", "merge-requests?state=conflict").json()["results"]
    assert (row["id"], row["state"], row["reason"]) == (pair.pk, "conflict", "two:member_id")
    assert row["detail"] == "Each has a member_id of her own, of which a person has only one."
    named = [(each["kind"], each["value"]) for each in row["profile"]["identities"]]
    assert named == [("member_id", "M0"), ("phone", MASKED)]
    assert row["other"]["id"] == pair.other_id
    assert api("get", "merge-requests?state=apart").json()["results"] == []
    refused = api("get", "merge-requests?state=odd")
    assert (refused.status_code, refused.json()["path"]) == (400, "state")


def test_a_pair_is_merged_and_the_merge_undone(api: Call, pair: MergeRequest) -> None:
    answer = api("post", f"merge-requests/{pair.pk}/decide", {"decision": "merge"})
    assert answer.status_code == 200, answer.json()
    log = answer.json()
    assert (log["survivor"], log["merged"]) == (pair.profile_id, pair.other_id)
    assert log["undo_until"] is not None
    assert api("get", f"profiles/{pair.other_id}").json()["id"] == pair.profile_id
    assert api("get", f"merges?profile={pair.other_id}").json()["results"] == [log]
    undone = api("post", f"merges/{log['id']}/undo", None)
    assert undone.json()["undo_until"] is None
    assert api("get", f"profiles/{pair.other_id}").json()["id"] == pair.other_id
    again = api("post", f"merges/{log['id']}/undo", None)
    assert (again.status_code, again.json()["code"]) == (409, "already_undone")


def test_a_pair_is_kept_apart(api: Call, pair: MergeRequest) -> None:
    answer = api("post", f"merge-requests/{pair.pk}/decide", {"decision": "keep_apart"})
    assert answer.json()["state"] == "apart"
    assert AuditEntry.objects.get(verb="profile.apart").object == f"mergerequest:{pair.pk}"
    assert api("post", "merge-requests/999/decide", {"decision": "keep_apart"}).status_code == 404
    assert api("post", f"merge-requests/{pair.pk}/decide", {"decision": "perhaps"}).json()["path"] == "decision"


def test_two_named_by_their_numbers_are_merged_once_however_often_it_is_sent(api: Call) -> None:
    told({"member_id": "M0"}, {"phone": PHONE}, at=clock.now())
    body = {"profile": who("phone", PHONE), "other": who("member_id", "M0")}
    first = api("post", "profiles/merge", body, **{"Idempotency-Key": "k"})
    assert first.status_code == 200, first.json()
    assert api("post", "profiles/merge", body, **{"Idempotency-Key": "k"}).json() == first.json()
    refused = api("post", "profiles/merge", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "same_profile")
    assert api("post", "profiles/merge", {"profile": "x", "other": 0}).status_code == 400
    assert Merge.objects.count() == 1


# --- in the admin --------------------------------------------------------------------------------------------------


@pytest.fixture
def staff(whole: None) -> Callable[..., Client]:
    """Somebody of the staff with these rights."""

    def make(*codes: str) -> Client:
        account = User.objects.create_user(f"staff{User.objects.count()}", is_staff=True)
        account.user_permissions.set(Permission.objects.filter(content_type__app_label="audiences", codename__in=codes))
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(account)
        return client

    return make


def choose(client: Client, page: str, action: str, number: int, **more: str) -> Any:
    body = {"action": action, "_selected_action": str(number), **more}
    return client.post(f"/admin/audiences/{page}/", body, follow=True)


def test_somebody_with_the_right_is_asked_before_a_pair_is_merged(
    staff: Callable[..., Client], pair: MergeRequest
) -> None:
    client = staff("view_mergerequest", "merge_profile")
    asked = choose(client, "mergerequest", "merge_anyway", pair.pk)
    assert "Merge each of these pairs into one profile?" in asked.content.decode()
    assert Profile.objects.count() == 2
    done = choose(client, "mergerequest", "merge_anyway", pair.pk, confirmed="yes")
    assert "Done: 1." in done.content.decode()
    assert Profile.objects.count() == 1
    log = Merge.objects.get()
    assert (log.by.username, log.merged_id) == (User.objects.get().username, pair.other_id)  # type: ignore[union-attr]


def test_a_pair_is_kept_apart_in_the_admin(staff: Callable[..., Client], pair: MergeRequest) -> None:
    client = staff("view_mergerequest", "merge_profile")
    choose(client, "mergerequest", "keep_apart", pair.pk, confirmed="yes")
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == ("apart", User.objects.get())


def test_who_may_only_look_is_offered_nothing(staff: Callable[..., Client], pair: MergeRequest) -> None:
    client = staff("view_mergerequest", "view_merge")
    page = client.get("/admin/audiences/mergerequest/").content.decode()
    assert "Each has a member_id of her own" in page
    assert "merge_anyway" not in page
    choose(client, "mergerequest", "merge_anyway", pair.pk, confirmed="yes")
    assert Profile.objects.count() == 2


def test_a_merge_is_undone_in_the_admin_and_what_cannot_be_is_told(
    staff: Callable[..., Client], api: Call, pair: MergeRequest
) -> None:
    api("post", f"merge-requests/{pair.pk}/decide", {"decision": "merge"})
    client = staff("view_merge", "merge_profile")
    log = Merge.objects.get()
    listed = client.get("/admin/audiences/merge/", {"q": str(pair.other_id)}).content.decode()
    assert "undo" in listed
    page = client.get(f"/admin/audiences/merge/{log.pk}/change/").content.decode()
    assert PHONE not in page
    assert "snapshot" not in page
    choose(client, "merge", "undo", log.pk)
    assert Profile.objects.count() == 1
    choose(client, "merge", "undo", log.pk, confirmed="yes")
    assert Profile.objects.count() == 2
    again = choose(client, "merge", "undo", log.pk, confirmed="yes").content.decode()
    assert "This merge has been undone already." in again
