"""Pydantic's findings as problems."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from django.utils import translation
from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, StrictBool, Tag, ValidationError
from pydantic_core import PydanticCustomError

from itinera.kit.errors import Problem
from itinera.kit.validation import place, problems_of


def _even(value: int) -> int:
    if value % 2:
        raise PydanticCustomError("odd", "This is odd by 100%.")
    return value


class _Leg(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=2, max_length=3)
    kind: Literal["front", "hind"] = "front"


class _Other(BaseModel):
    other: int


class _Animal(BaseModel):
    model_config = ConfigDict(extra="forbid")
    legs: tuple[_Leg, ...] = Field(min_length=1)
    age: Annotated[int, Field(ge=0, lt=100), AfterValidator(_even)] = 0
    tame: StrictBool = True
    either: (
        Annotated[Annotated[_Leg, Tag("<leg>")] | Annotated[_Other, Tag("<other>")], Discriminator(lambda _: "<other>")]
        | None
    ) = None


def _problems(value: object, path: str = "", node: str | None = None) -> list[Problem]:
    with pytest.raises(ValidationError) as error:
        _Animal.model_validate(value)
    with translation.override("en"):
        return problems_of(error.value, path, node)


LEGS = [{"name": "abc"}]


@pytest.mark.parametrize(
    ("value", "code", "path", "words"),
    [
        ({}, "missing_key", "legs", "missing"),
        ({"legs": LEGS, "wings": 2}, "unknown_key", "wings", "wings"),
        ({"legs": []}, "empty", "legs", "at least 1 entries"),
        ({"legs": [{"name": "a"}]}, "empty", "legs[0].name", "at least 2"),  # and not that there are too few legs
        ({"legs": [{"name": "abcd"}]}, "too_long", "legs[0].name", "at most 3"),
        ({"legs": [{"name": 5}]}, "wrong_value", "legs[0].name", "text"),
        ({"legs": [{"name": "abc", "kind": "left"}]}, "wrong_value", "legs[0].kind", "hind"),
        ({"legs": LEGS, "age": -2}, "wrong_value", "age", "at least 0"),
        ({"legs": LEGS, "age": 100}, "wrong_value", "age", "less than 100"),
        ({"legs": LEGS, "age": 3}, "odd", "age", "odd by 100%."),
        ({"legs": LEGS, "age": 1.5}, "wrong_value", "age", "whole number"),
        ({"legs": LEGS, "tame": "yes"}, "wrong_value", "tame", "true or false"),
        ({"legs": LEGS, "either": {}}, "missing_key", "either.other", "missing"),
        ({"legs": 5}, "wrong_value", "legs", "list"),
        (5, "wrong_value", None, "object"),
    ],
)
def test_each_finding_has_a_code_a_place_and_words(value: object, code: str, path: str | None, words: str) -> None:
    (problem,) = _problems(value)
    assert (problem.code, problem.path) == (code, path)
    assert words in problem.detail


def test_where_it_stands_and_at_which_node() -> None:
    (problem,) = _problems({"legs": [{}]}, "nodes[3].config", "n3")
    assert (problem.path, problem.node) == ("nodes[3].config.legs[0].name", "n3")
    assert place(("a", 0, "<tag>", "b"), "root") == "root.a[0].b"
    assert place((), "root") == "root"


def test_words_in_chinese() -> None:
    with pytest.raises(ValidationError) as error:
        _Animal.model_validate({"legs": LEGS, "wings": 2})
    with translation.override("zh-hans"):
        assert problems_of(error.value)[0].detail == "这里没有“wings”这个设置。"
