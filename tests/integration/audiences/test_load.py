"""`manage.py load`: files of every kind, told apart by what is in them; bad rows named, good rows kept."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import call_command

from audiences.models import AttributeType, Event, EventType, Profile, RejectedRow, Workspace
from itinera.local.home import PROJECT

pytestmark = pytest.mark.django_db


class Answer:
    """What the command said, and its exit code."""

    def __init__(self, *files: Path) -> None:
        out, err = io.StringIO(), io.StringIO()
        self.code = 0
        try:
            call_command("load", *map(str, files), stdout=out, stderr=err)
        except SystemExit as end:
            self.code = int(str(end.code))
        self.out, self.err = out.getvalue(), err.getvalue()


def event(n: int, **keys: Any) -> bytes:
    return orjson.dumps({"id": f"e{n}", "member_id": f"M{n}", "event": "visit", "time": "2026-03-15T03:00:00Z", **keys})


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_events_with_bad_lines_among_them(file: Any) -> None:
    lines = [
        event(1),
        b"",
        b"{oops",
        event(2, time="never"),
        b'{"member_id": "\xff"}',
        event(1),
        b"  " + event(3) + b"\r",
    ]
    answer = Answer(file("events.jsonl", b"\n".join(lines)))
    assert answer.code == 1
    assert "2 " in answer.out
    assert Event.objects.count() == 2
    told = [line.split("\t")[:2] for line in answer.err.splitlines()]
    assert told == [
        ["events.jsonl:3", "not_json"], ["events.jsonl:4:time", "bad_time"], ["events.jsonl:5", "not_utf8"]
    ]  # fmt: skip
    assert sorted(RejectedRow.objects.values_list("index", "code", "source")) == [
        (3, "not_json", "load:events.jsonl"), (4, "bad_time", "load:events.jsonl"), (5, "not_utf8", "load:events.jsonl")
    ]  # fmt: skip


def test_a_packed_file_is_seen_to_be_one(file: Any) -> None:
    answer = Answer(file("events.dat", gzip.compress(b"\n".join(event(n) for n in range(20)))))
    assert (answer.code, Event.objects.count()) == (0, 20)


def test_a_broken_pack_is_told(file: Any) -> None:
    answer = Answer(file("events.gz", gzip.compress(b"\n".join(event(n) for n in range(20)))[:-20]))
    assert answer.code == 1
    assert "unreadable" in answer.err


def test_profiles_in_lines_with_a_byte_order_mark(file: Any) -> None:
    answer = Answer(
        file("p.jsonl", b"\xef\xbb\xbf" + orjson.dumps({"member_id": "M1", "attributes": {"city": "上海"}}))
    )
    assert answer.code == 0
    assert Profile.objects.get().attributes == {"city": "上海"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_of_profiles(file: Any, encoding: str) -> None:
    for name, type_ in (("score", "number"), ("vip", "boolean"), ("likes", "list"), ("born", "date")):
        AttributeType.objects.create(name=name, type=type_)
    table = (
        "member_id,identity:phone,identity:card,姓名,score,vip,likes,born,zone,tags,consent:sms:marketing\n"
        'M1,+8613800000000,C1,"王, 小明",12.5,是,a; b,1990-05-01,Asia/Shanghai,x;y,1\n'
        "M2,,,李四,,,,,,,\n"
    )
    answer = Answer(file("people.csv", table.encode(encoding)))
    assert (answer.code, answer.err) == (0, "")
    one = Profile.objects.get(unit="M1")
    assert one.attributes == {"姓名": "王, 小明", "score": 12.5, "vip": True, "likes": ["a", "b"], "born": "1990-05-01"}
    assert dict(one.identities.values_list("kind", "value")) == {
        "member_id": "M1",
        "phone": "+8613800000000",
        "card": "C1",
    }
    assert (one.zone, one.tags, one.consent) == ("Asia/Shanghai", {"x": True, "y": True}, {"sms": {"marketing": True}})
    assert Profile.objects.get(unit="M2").attributes == {"姓名": "李四"}


def test_bad_rows_of_a_table_are_named(file: Any) -> None:
    AttributeType.objects.create(name="score", type="number")
    table = "member_id,score,consent:sms:marketing\nM1,1,1\nM2,many,1\nM3,1\nM4,2,perhaps\n,3,1\nM6,6,0\n"
    answer = Answer(file("people.csv", table))
    assert answer.code == 1
    assert sorted(Profile.objects.values_list("unit", flat=True)) == ["M1", "M6"]
    assert [line.split("\t")[:2] for line in answer.err.splitlines()] == [
        ["people.csv:3:score", "wrong_type"], ["people.csv:4", "bad_row"],
        ["people.csv:5:consent:sms:marketing", "wrong_type"], ["people.csv:6", "no_identity"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bad_header"),
        (b"a,,b\n1,2,3\n", "bad_header"),
        (b"a,b,a\n1,2,3\n", "bad_header"),
        (b"member_id,name\nM1,x\nM2,\xff\xff\nM3,y\n", "not_text"),
    ],
)
def test_a_table_that_cannot_be_used_at_all(file: Any, content: bytes, code: str) -> None:
    answer = Answer(file("people.csv", content))
    assert (answer.code, Profile.objects.count()) == (1, 0)
    assert f"\t{code}\t" in answer.err
    if code == "not_text":
        assert "line 3" in answer.err


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"[]", b"5", b'{"x": 1}\n{"y": 2}', os.urandom(5 * 1024 * 1024), b"nonsense " * 600_000],
    ids=["empty", "blank", "list", "number", "other objects", "noise", "words"],
)
def test_what_is_nothing_of_ours_is_refused_whole(file: Any, content: bytes) -> None:
    answer = Answer(file("something", content))
    assert answer.code == 1
    assert "unknown_format" in answer.err
    assert len(answer.err) < 1000
    assert not RejectedRow.objects.exists()


def test_a_line_beyond_measure_is_one_bad_row(file: Any) -> None:
    answer = Answer(file("e.jsonl", event(1) + b"\n" + b"x" * 3_000_000 + b"\n" + event(2)))
    assert "e.jsonl:2\ttoo_large" in answer.err
    assert Event.objects.count() == 2


def test_a_file_that_is_not_there_does_not_stop_the_others(file: Any, tmp_path: Path) -> None:
    answer = Answer(tmp_path / "no_such_file", file("events.jsonl", event(1)))
    assert answer.code == 1
    assert "unreadable" in answer.err
    assert Event.objects.count() == 1


WORKSPACE = """
catalogue:
  attributes:
    - {name: city, type: text, label: 城市}
    - {name: born, type: date}
  events:
    - name: order_paid
      label: 支付
      properties: [{name: amount, type: money}]
holdout: {salt: abc, percent: 5}
zone: Asia/Tokyo
"""


def test_a_workspace_in_yaml_is_loaded_twice_as_once(file: Any) -> None:
    path = file("brand.yaml", WORKSPACE)
    for _ in range(2):
        assert Answer(path).code == 0
    assert list(AttributeType.objects.order_by("name").values_list("name", "type", "label", "declared")) == [
        ("born", "date", "", True), ("city", "text", "城市", True)
    ]  # fmt: skip
    assert EventType.objects.get().properties == [{"name": "amount", "type": "money"}]
    workspace = Workspace.objects.get()
    assert (workspace.holdout_salt, workspace.holdout_percent, workspace.zone) == ("abc", 5, "Asia/Tokyo")


def test_what_is_wrong_with_a_workspace_is_told_with_its_place_and_the_rest_is_kept(file: Any) -> None:
    document = {
        "catalogue": {
            "attributes": [{"name": "ok", "type": "text"}, {"name": "x", "type": "colour"}, {"name": "y"}, 5],
            "events": [{"name": "e", "properties": [{"name": "p", "type": "text", "kind": 1}]}],
            "colours": [],
        },
        "holdout": {"percent": 101},
        "coupon_pools": [],
        "audience": [],
    }
    answer = Answer(file("w.json", orjson.dumps(document, option=orjson.OPT_INDENT_2)))
    assert answer.code == 1
    told = {tuple(line.split("\t")[:2]) for line in answer.err.splitlines()}
    assert told == {
        ("w.json:catalogue.colours", "unknown_key"),
        ("w.json:catalogue.attributes[1].type", "wrong_value"),
        ("w.json:catalogue.attributes[2].type", "missing_key"),
        ("w.json:catalogue.attributes[3]", "wrong_value"),
        ("w.json:catalogue.events[0].properties[0].kind", "unknown_key"),
        ("w.json:holdout.percent", "wrong_value"),
        ("w.json:coupon_pools", "not_supported"),
        ("w.json:audience", "unknown_key"),
    }
    assert AttributeType.objects.get().name == "ok"


def test_declaring_keeps_what_was_seen(file: Any) -> None:
    AttributeType.objects.create(name="city", type="number", declared=False)
    EventType.objects.create(
        name="order_paid", declared=False,
        properties=[
            {"name": "amount", "type": "text", "declared": False}, {"name": "sku", "type": "text", "declared": False}
        ],
    )  # fmt: skip
    assert Answer(file("brand.yaml", WORKSPACE)).code == 0
    assert AttributeType.objects.get(name="city").type == "text"
    assert EventType.objects.get().properties == [
        {"name": "amount", "type": "money"}, {"name": "sku", "type": "text", "declared": False}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("w.yaml", "a: [1,\nb: 2", "not_yaml"),
        ("w.yaml", "a: &x [1]\nb: *x", "not_yaml"),
        ("w.yaml", "- 1", "wrong_value"),
        ("w.yaml", b"a: \xff", "not_utf8"),
        ("w.json", '{\n"catalogue": {\n"attributes": [\n}', "not_json"),
    ],
)
def test_a_workspace_that_cannot_be_read(file: Any, name: str, content: bytes | str, code: str) -> None:
    answer = Answer(file(name, content))
    assert answer.code == 1
    assert f"\t{code}\t" in answer.err


@pytest.mark.django_db(transaction=True)
def test_a_file_shared_by_two_processes(file: Any, site_environment: dict[str, str]) -> None:
    path = file("events.jsonl", b"\n".join([*(event(n) for n in range(12_000)), b"{oops"]))
    done = subprocess.run(
        [sys.executable, "manage.py", "load", str(path), "--workers", "2"],
        env=site_environment, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert (done.returncode, "12000" in done.stdout, "events.jsonl:12001" in done.stderr) == (1, True, True), (
        done.stderr
    )
    assert Event.objects.count() == 12_000
    assert Profile.objects.count() == 12_000
