"""Admin pages: searched by whole identities, masked without the right, read-only where the engine writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from audiences.ingest import ingest_events, ingest_profiles
from audiences.models import AttributeType, EventType, Profile, Workspace
from itinera.kit.models import AuditEntry
from tests.integration.audiences.conftest import NOW

pytestmark = pytest.mark.django_db
PHONE, MASKED = "+8613812341234", "+86138****1234"
Staff = Callable[..., Client]


@pytest.fixture
def staff() -> Staff:
    """Somebody of the staff with these permissions."""

    def make(*permissions: str) -> Client:
        account = User.objects.create_user(f"staff{User.objects.count()}", is_staff=True)
        for permission in permissions:
            app, code = permission.split(".")
            account.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=code))
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(account)
        return client

    return make


@pytest.fixture
def ann() -> Profile:
    ingest_profiles(
        [{"phone": PHONE, "identities": {"email": "ann@example.test"}, "consent": {"sms": {"marketing": True}}}],
        now=NOW, source="test",
    )  # fmt: skip
    line = {"phone": PHONE, "event": "order_paid", "time": "2026-03-15T03:00:00Z", "properties": {"sku": "A-17"}}
    ingest_events([line, {"phone": PHONE, "time": "never", "event": "x"}], now=NOW, source="test")
    return Profile.objects.get()


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_a_profile_is_found_by_its_whole_phone_number_and_shown_masked(staff: Staff, ann: Profile) -> None:
    client = staff("audiences.view_profile")
    listing = text(client.get("/admin/audiences/profile/", {"q": PHONE}))
    assert f"#{ann.id}" in listing
    assert MASKED in listing
    assert f"#{ann.id}" not in text(client.get("/admin/audiences/profile/", {"q": PHONE[:8]}))
    page = text(client.get(f"/admin/audiences/profile/{ann.id}/change/"))
    assert MASKED in page
    assert "a***@example.test" in page
    assert "A-17" in page
    assert PHONE not in page
    assert "ann@example.test" not in page


def test_who_holds_the_right_sees_it_and_is_audited(staff: Staff, ann: Profile) -> None:
    client = staff("audiences.view_profile", "audiences.view_pii")
    page = text(client.get(f"/admin/audiences/profile/{ann.id}/change/"))
    assert PHONE in page
    assert "ann@example.test" in page
    assert AuditEntry.objects.filter(verb="pii.view").exists()


@pytest.mark.parametrize(
    ("page", "shown"),
    [("event", "A-17"), ("consentchange", "marketing"), ("mergerequest", ""), ("profile", MASKED)],
)
def test_pages_that_are_searched_by_a_person(staff: Staff, ann: Profile, page: str, shown: str) -> None:
    client = staff(f"audiences.view_{page}")
    assert shown in text(client.get(f"/admin/audiences/{page}/", {"q": f"phone:{PHONE}"}))
    assert shown in text(client.get(f"/admin/audiences/{page}/", {"q": str(ann.id)}))
    assert "A-17" not in text(client.get(f"/admin/audiences/{page}/", {"q": "nobody"}))


def test_events_are_shown_of_one_person_only(staff: Staff, ann: Profile) -> None:
    assert "A-17" not in text(staff("audiences.view_event").get("/admin/audiences/event/"))


@pytest.mark.parametrize("page", ["profile", "event", "feed", "shard", "rejectedrow", "consentchange", "mergerequest"])
def test_what_the_engine_writes_is_read_only(staff: Staff, ann: Profile, page: str) -> None:
    client = staff(*(f"audiences.{verb}_{page}" for verb in ("view", "add", "change", "delete")))
    text(client.get(f"/admin/audiences/{page}/"))
    assert client.get(f"/admin/audiences/{page}/add/").status_code == 403


def test_rejected_rows_are_masked(staff: Staff, ann: Profile) -> None:
    client = staff("audiences.view_rejectedrow")
    listing = text(client.get("/admin/audiences/rejectedrow/"))
    assert "bad_time" in listing
    from audiences.models import RejectedRow

    page = text(client.get(f"/admin/audiences/rejectedrow/{RejectedRow.objects.get().id}/change/"))
    assert PHONE not in page


def test_the_catalogue_can_be_changed_and_the_change_is_audited(staff: Staff) -> None:
    kind = AttributeType.objects.create(name="city", type="text", declared=False)
    client = staff("audiences.view_attributetype", "audiences.change_attributetype")
    answer = client.post(
        f"/admin/audiences/attributetype/{kind.id}/change/",
        {"label": "城市", "type": "text", "declared": "on", "name": "x"},
    )
    assert answer.status_code == 302
    kind.refresh_from_db()
    assert (kind.name, kind.label, kind.declared) == ("city", "城市", True)
    assert AuditEntry.objects.get().after == {"label": "城市", "declared": True}


def test_properties_that_make_no_sense_are_refused(staff: Staff) -> None:
    kind = EventType.objects.create(name="order_paid", properties=[{"name": "a", "type": "text", "declared": False}])
    client = staff("audiences.view_eventtype", "audiences.change_eventtype")
    address = f"/admin/audiences/eventtype/{kind.id}/change/"
    assert "[0].type" in text(client.post(address, {"properties": '[{"name": "a", "type": "colour"}]'}))
    assert client.post(address, {"properties": '[{"name": "a", "type": "text", "declared": false}]'}).status_code == 302


def test_the_workspace(staff: Staff) -> None:
    client = staff("audiences.view_workspace", "audiences.change_workspace")
    data = {"holdout_percent": "5", "holdout_salt": "s"}
    assert "no time zone" in text(client.post("/admin/audiences/workspace/1/change/", {**data, "zone": "Mars/Olympus"}))
    assert client.post("/admin/audiences/workspace/1/change/", {**data, "zone": "Asia/Tokyo"}).status_code == 302
    assert Workspace.objects.get().zone == "Asia/Tokyo"
    assert client.get("/admin/audiences/workspace/add/").status_code == 403
