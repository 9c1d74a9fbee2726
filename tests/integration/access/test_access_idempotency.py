"""A write that is sent again is done once, whatever happens between the two."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import F
from django.test import Client
from pytest_django import Settings

from itinera.access.idempotency import forget
from itinera.access.models import KeptAnswer
from itinera.access.tokens import issue
from itinera.kit.models import AuditEntry

pytestmark = pytest.mark.urls("tests.integration.access.sample")
Header = Callable[..., dict[str, str]]
ADDRESS = "/api/sample/writing"


def write(client: Client, headers: dict[str, str], key: str | None, **body: Any) -> Any:
    own = headers if key is None else {**headers, "Idempotency-Key": key}
    return client.post(ADDRESS, json.dumps(body), "application/json", headers=own)


def written() -> int:
    return AuditEntry.objects.filter(verb="sample.write").count()


@pytest.mark.django_db
class TestOneAfterTheOther:
    @pytest.fixture(autouse=True)
    def _operate(self, client: Client, token: Header) -> None:
        self.client, self.headers = client, token("operate")

    def test_the_same_request_gets_the_same_answer_byte_for_byte(self) -> None:
        first = write(self.client, self.headers, "k1", name="a")
        again = write(self.client, self.headers, "k1", name="a")
        assert (first.status_code, first.content, first["Location"]) == (
            again.status_code,
            again.content,
            again["Location"],
        )
        assert "Idempotency-Replayed" not in first
        assert again["Idempotency-Replayed"] == "true"
        assert written() == 1

    def test_without_a_key_every_request_counts(self) -> None:
        write(self.client, self.headers, None, name="a")
        write(self.client, self.headers, None, name="a")
        assert written() == 2

    def test_another_body_is_a_conflict(self) -> None:
        write(self.client, self.headers, "k1", name="a")
        answer = write(self.client, self.headers, "k1", name="b")
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_conflict")
        assert written() == 1

    def test_keys_of_different_callers_do_not_meet(self, token: Header) -> None:
        write(self.client, self.headers, "k1", name="a")
        assert write(self.client, token("operate"), "k1", name="b").status_code == 201

    def test_a_refusal_changes_nothing_and_keeps_no_answer(self) -> None:
        assert write(self.client, self.headers, "k1", name="a", refuse=True).status_code == 409
        assert (written(), KeptAnswer.objects.count()) == (0, 0)
        assert write(self.client, self.headers, "k1", name="a").status_code == 201

    def test_an_error_changes_nothing_and_keeps_no_answer(self) -> None:
        self.client.raise_request_exception = False
        assert write(self.client, self.headers, "k1", name="a", **{"break": True}).status_code == 500
        assert (written(), KeptAnswer.objects.count()) == (0, 0)

    def test_without_the_right_no_kept_answer_is_given(self, token: Header) -> None:
        write(self.client, self.headers, "k1", name="a")
        assert write(self.client, token("read"), "k1", name="a").status_code == 403

    def test_a_body_that_is_too_large_is_refused(self, settings: Settings) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
        answer = write(self.client, self.headers, "k1", name="a" * 1_001)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert written() == 0

    @pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
    def test_a_key_that_is_no_key_is_refused(self, key: str) -> None:
        assert write(self.client, self.headers, key, name="a").json()["code"] == "bad_idempotency_key"

    def test_an_answer_is_kept_for_a_day(self) -> None:
        write(self.client, self.headers, "k1", name="a")
        KeptAnswer.objects.update(at=F("at") - timedelta(hours=24, seconds=1))
        assert write(self.client, self.headers, "k1", name="b").status_code == 201
        assert forget() == 0
        KeptAnswer.objects.update(at=F("at") - timedelta(hours=24, seconds=1))
        assert forget() == 1


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    """Real connections, one per thread."""

    def test_of_eight_at_once_one_is_done(self) -> None:
        headers = {"Authorization": f"Bearer {issue('racer', ['operate'])[1]}"}
        start = Barrier(8)

        def send(_number: int) -> tuple[int, str, object]:
            try:
                start.wait(10)
                answer = write(Client(), headers, "race", name="a", wait=1)
                return answer.status_code, answer.json().get("code", ""), answer.json().get("id")
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            answers = set(pool.map(send, range(8)))
        # A thread that is very late finds the kept answer; it is then the same one.
        assert {answer[:2] for answer in answers} == {(201, ""), (409, "in_progress")}
        assert len({number for status, _code, number in answers if status == 201}) == 1
        assert written() == 1
        again = write(Client(), headers, "race", name="a", wait=1)
        assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")

    def test_a_connection_that_dies_midway_leaves_the_key_free(self) -> None:
        headers = {"Authorization": f"Bearer {issue('racer', ['operate'])[1]}"}
        with ThreadPoolExecutor(1) as pool:
            lost = pool.submit(self._send_and_lose, headers)
            assert self._kill_sleeper()
            assert lost.result(20) == 500
        assert (written(), KeptAnswer.objects.count()) == (0, 0)
        assert write(Client(), headers, "dies", name="a").status_code == 201
        assert written() == 1

    @staticmethod
    def _send_and_lose(headers: dict[str, str]) -> int:
        try:
            client = Client(raise_request_exception=False)
            return int(write(client, headers, "dies", name="a", wait=15).status_code)
        finally:
            connections.close_all()

    @staticmethod
    def _kill_sleeper() -> bool:
        with connection.cursor() as cursor:
            for _attempt in range(100):
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event = 'PgSleep' AND pid <> pg_backend_pid()"
                )
                if cursor.fetchall():
                    return True
                cursor.execute("SELECT pg_sleep(0.05)")
        return False
