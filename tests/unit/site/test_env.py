"""What the environment says becomes a setting, or a sentence that names the variable."""

from __future__ import annotations

import pytest

from itinera import env


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "remembered", dict)


def test_a_database_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://us%40er:p%2Fw@db.example:6432/my%20name?sslmode=require")
    found = env.database("DATABASE_URL", "")
    assert {name: found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "my name",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "6432",
    }
    assert isinstance(found["OPTIONS"], dict)
    assert found["OPTIONS"]["sslmode"] == "require"


def test_a_socket_folder_can_stand_for_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://me@/itinera?host=/run/postgresql")
    assert env.database("DATABASE_URL", "")["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://127.0.0.1/x", "must begin with"),
        ("postgres://127.0.0.1:99999/x", "port"),
        ("postgres://127.0.0.1:5432", "names no database"),
    ],
)
def test_a_database_address_that_cannot_be_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str, words: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    with pytest.raises(env.BadEnvironment, match=f"DATABASE_URL: .*{words}"):
        env.database("DATABASE_URL", "")


@pytest.mark.parametrize(
    ("address", "use", "expected"),
    [
        ("redis://:pw@h:1/0", 0, "redis://:pw@h:1/0"),
        ("redis://:pw@h:1/0", 2, "redis://:pw@h:1/2"),
        ("redis://h:1", 1, "redis://h:1/1"),
        ("rediss://h:1/30", 2, "rediss://h:1/32"),
        ("valkey://h:1/3", 0, "redis://h:1/3"),
    ],
)
def test_each_use_of_the_broker_has_a_space_of_its_own(
    monkeypatch: pytest.MonkeyPatch, address: str, use: int, expected: str
) -> None:
    monkeypatch.setenv("BROKER_URL", address)
    assert env.broker("BROKER_URL", "", use) == expected


@pytest.mark.parametrize("address", ["amqp://h/", "redis://h:1/queue"])
def test_a_broker_address_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("BROKER_URL", address)
    with pytest.raises(env.BadEnvironment, match="BROKER_URL"):
        env.broker("BROKER_URL", "")


def test_flags_numbers_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_FLAG", "Yes")
    monkeypatch.setenv("A_NUMBER", "12")
    monkeypatch.setenv("SOME_WORDS", "a, b,,c ")
    assert env.flag("A_FLAG") is True
    assert env.flag("ANOTHER") is False
    assert env.integer("A_NUMBER", 3) == 12
    assert env.integer("ANOTHER", 3) == 3
    assert env.words("SOME_WORDS") == ["a", "b", "c"]


@pytest.mark.parametrize(("read", "value"), [(env.flag, "perhaps"), (lambda name: env.integer(name, 1), "many")])
def test_a_value_that_makes_no_sense_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, read: object, value: str
) -> None:
    monkeypatch.setenv("A_SETTING", value)
    assert callable(read)
    with pytest.raises(env.BadEnvironment, match="A_SETTING"):
        read("A_SETTING")


def test_what_up_has_remembered_stands_in_for_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "remembered", lambda: {"A_SETTING": "remembered"})
    assert env.text("A_SETTING") == "remembered"
    monkeypatch.setenv("A_SETTING", "said")
    assert env.text("A_SETTING") == "said"


def test_a_setting_that_must_be_there_is_asked_for() -> None:
    with pytest.raises(env.BadEnvironment, match="A_SETTING: is not set"):
        env.required("A_SETTING")
