"""Imports in the browser: columns get a meaning, rows go in by the one way in, what is refused can be mended."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audiences.actions import declare_attribute
from audiences.imports.keep import keep
from audiences.imports.preview import preview
from audiences.imports.run import KIND, forget, set_mapping, start
from audiences.models import Event, Profile
from audiences.models.upload import Upload, UploadError
from audiences.stages import imports
from itinera.kit import jobs
from itinera.kit.errors import Refusal
from itinera.kit.models import AuditEntry, Job

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEOPLE = (
    "会员号,手机号,姓名,积分,标签\nM1,+8613800000001,张三,120,vip;老客\nM2,+8613800000002,李四,许多,\nM3,,王五,7,\n"
)
ORDERS = "会员号,订单号,支付时间,金额\nM1,A1,2026-02-01 10:30,99.5\nM2,A2,2026/2/3,20\nM3,A3,昨天,1\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def brought(text: str | bytes, target: str = "profiles", name: str = "people.csv") -> Upload:
    return keep(name, [text if isinstance(text, bytes) else text.encode()], target, None, NOW)


def test_columns_are_recognised_by_their_names() -> None:
    declare_attribute(None, "full_name", "text", label="姓名")
    found = brought(PEOPLE)
    assert found.mapping == {
        "会员号": "identity:member_id",
        "手机号": "identity:phone",
        "姓名": "attribute:full_name",
        "积分": "attribute:积分",
        "标签": "tags",
    }
    assert (found.lines, found.encoding, found.delimiter) == (3, "utf-8-sig", ",")
    assert brought(ORDERS, "events").mapping["支付时间"] == "time"


def test_other_encodings_and_separators_are_seen() -> None:
    found = brought("会员号;城市\nM1;上海\n".encode("gb18030"))
    assert (found.encoding, found.delimiter, found.columns) == ("gb18030", ";", ["会员号", "城市"])


@pytest.mark.parametrize(
    ("text", "code"),
    [(b"", "empty"), (b"a,a\n1,2\n", "bad_header"), (b"a,b\n\xff\xfe\xff,1\n", "not_text")],
)
def test_what_is_no_table_is_refused_and_leaves_nothing(text: bytes, code: str, folder: Path) -> None:
    with pytest.raises(Refusal) as refused:
        brought(text)
    assert refused.value.problems[0].code == code
    assert list(folder.rglob("*.csv")) == []


def test_the_preview_tells_what_would_be_refused_and_writes_nothing() -> None:
    declare_attribute(None, "积分", "number")
    found = preview(brought(PEOPLE), NOW)
    assert [(each.number, each.column) for each in found.bad] == [(3, "积分")]
    assert found.looked_at == 3
    assert Profile.objects.count() == 0


def test_people_are_imported_and_the_refused_are_kept_with_their_cells() -> None:
    declare_attribute(None, "积分", "number")
    upload = brought(PEOPLE)
    start(upload, "tester", NOW)
    jobs.run(NOW)
    upload.refresh_from_db()
    assert (upload.accepted, upload.rejected, upload.finished_at) == (2, 1, NOW)
    first = Profile.objects.get(identities__kind="member_id", identities__value="M1")
    assert first.attributes == {"姓名": "张三", "积分": 120}
    assert "vip" in first.tags
    assert len(first.tags) == 2  # a tag in Chinese gets a short name of its own
    error = UploadError.objects.get()
    assert (error.line, error.column, error.cells[0]) == (3, "积分", "M2")
    assert Job.objects.get().state == "done"


def test_the_same_file_twice_tells_no_event_twice() -> None:
    for expected in (2, 0):
        upload = brought("会员号,支付时间\nM1,2026-02-01 10:30\nM2,2026-02-02\n", "events")
        upload = set_mapping(upload, upload.mapping, {"event": "order_paid"}, "tester")
        start(upload, "tester", NOW)
        jobs.run(NOW)
        upload.refresh_from_db()
        assert (upload.accepted, upload.duplicates) == (expected, 2 - expected)
    assert sorted(Event.objects.values_list("time", flat=True)) == [
        datetime(2026, 2, 1, 2, 30, tzinfo=UTC), datetime(2026, 2, 1, 16, tzinfo=UTC),
    ]  # fmt: skip


def test_meanings_are_checked_before_anything_begins() -> None:
    upload = brought(ORDERS, "events")
    with pytest.raises(Refusal) as refused:
        set_mapping(upload, {"会员号": "identity:member_id", "金额": "time", "支付时间": "time"}, {}, "tester")
    assert {(each.code, each.path) for each in refused.value.problems} == {
        ("twice", "支付时间"), ("twice", "金额"), ("missing_key", "event"),
    }  # fmt: skip
    with pytest.raises(Refusal):
        start(upload, "tester", NOW)


def test_a_stopped_import_goes_on_where_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiences.imports.run.ROWS", 10)
    upload = brought("member_id,city\n" + "".join(f"M{n},上海\n" for n in range(35)))
    job = start(upload, "tester", NOW)
    jobs.run(NOW, 2)
    jobs.stop(job.pk, "tester", NOW)
    jobs.run(NOW)
    assert Profile.objects.count() == 20
    start(upload, "tester", NOW)
    jobs.run(NOW + timedelta(minutes=5))
    upload.refresh_from_db()
    assert (Profile.objects.count(), upload.accepted) == (35, 35)
    assert Job.objects.filter(kind=KIND).first().done == 35  # type: ignore[union-attr]
    with pytest.raises(Refusal):
        start(upload, "tester", NOW)


def test_a_forgotten_file_is_gone_with_its_refused_rows(folder: Path) -> None:
    upload = brought("member_id,city\nM1\n")
    start(upload, "tester", NOW)
    jobs.run(NOW)
    forget(upload, "tester", NOW)
    assert list(folder.rglob("*.csv")) == []
    assert UploadError.objects.count() == 0
    assert AuditEntry.objects.filter(verb="import.forget").count() == 1


def test_files_are_forgotten_after_a_month() -> None:
    brought(PEOPLE)
    assert imports.run(NOW + timedelta(days=29)).done == 0
    assert imports.run(NOW + timedelta(days=31)).done == 1
    assert imports.run(NOW + timedelta(days=31)).done == 0


def test_a_person_brings_a_file_looks_and_imports(client: Client) -> None:
    person = User.objects.create_user("lin")
    for codename in ("view_upload", "add_upload", "view_job"):
        person.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(person)
    page = client.get("/imports/").content.decode()
    assert "还没有导入记录" in page
    file = SimpleUploadedFile("people.csv", PEOPLE.encode())
    answer = client.post("/imports/bring", {"file": file, "target": "profiles"}, follow=True)
    assert "各列的含义" in answer.content.decode()
    upload = Upload.objects.get()
    part = client.get(f"/imports/{upload.pk}/preview").content.decode()
    assert "张三" not in part  # she may not see personal data
    form = {f"column-{place}": upload.mapping[column] for place, column in enumerate(upload.columns)}
    refused = client.post(f"/imports/{upload.pk}/columns", {**form, "column-0": "", "column-1": ""})
    assert refused.status_code == 400
    assert "需要有一列指明是谁" in refused.content.decode()
    client.post(f"/imports/{upload.pk}/columns", form)
    client.post(f"/imports/{upload.pk}/start")
    jobs.run(NOW)
    assert "已接受" in client.get(f"/imports/{upload.pk}/").content.decode()
    assert client.get(f"/imports/{upload.pk}/errors.csv").status_code == 403


def test_refused_rows_come_back_as_a_file_without_formulas(client: Client) -> None:
    upload = brought("member_id,zone\nM1,=1+1\n")
    start(upload, "tester", NOW)
    jobs.run(NOW)
    client.force_login(User.objects.create_superuser("boss"))
    text = b"".join(client.get(f"/imports/{upload.pk}/errors.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    header, row = list(csv.reader(io.StringIO(text)))
    assert header[:2] == ["member_id", "zone"]
    assert row[:3] == ["M1", "'=1+1", "2"]
    assert AuditEntry.objects.filter(verb="pii.export").count() == 1
