"""Lifecycle: ordered stages, each with a rule; somebody is in the highest stage whose rule holds for her.

The first stage has no rule: it catches everybody whom no other takes. AIPL (认知, 兴趣, 购买, 忠诚) is ready to use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from audiences.bitmaps import Members
from audiences.definitions.base import Scope
from audiences.measures.check import check_event
from audiences.models import Profile
from audiences.rules import Catalogue, People, Rule, dump_rule, explain, parse_rule
from audiences.rules.fields import Name, Slug, Span
from audiences.rules.places import join
from audiences.rules.window_ast import Part
from audiences.segmentations.base import TYPES, Cell, Fact, Piece, Pieces, SegmentationType, Settled, Standing
from audiences.segmentations.packing import pack_members, unpack_members
from audiences.select import members_of
from audiences.select.leaves import EVERYBODY
from itinera.kit.durations import Duration
from itinera.kit.errors import Problem
from itinera.kit.wire import micros

Label = Annotated[str, Field(min_length=1, max_length=200)]
Count = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]


class Stage(Part):
    """One stage; the first one has no rule."""

    slug: Slug
    label: Label
    rule: Rule | None = None


class Aipl(Part):
    """Awareness: everybody who is known. Interest: enough signs of it of late. Purchase: bought. Loyalty: again."""

    interest: tuple[Name, ...] = ("page_view", "add_to_cart")
    interest_within: Span = Duration.parse("P90D")
    interest_from: Count = 1
    purchase: Name = "order_paid"
    loyal_from: Annotated[int, Field(ge=2, le=1_000_000, strict=True)] = 2
    loyal_within: Span = Duration.parse("P365D")

    def stages(self) -> tuple[Stage, ...]:
        """The stages that this stands for."""
        signs = [
            {"event": name, "op": "gte", "value": self.interest_from, "window": {"last": str(self.interest_within)}}
            for name in self.interest
        ]
        bought = {"event": self.purchase}
        loyal = {"event": self.purchase, "op": "gte", "value": self.loyal_from}
        rules: tuple[tuple[str, str, Any], ...] = (
            ("awareness", _("Awareness"), None),
            ("interest", _("Interest"), {"any": signs}),
            ("purchase", _("Purchase"), bought),
            ("loyalty", _("Loyalty"), {**loyal, "window": {"last": str(self.loyal_within)}}),
        )
        return tuple(Stage(slug=s, label=label, rule=rule and parse_rule(rule)) for s, label, rule in rules)


class LifecycleConfig(Part):
    """Stages of one's own from the first to the last, or those of AIPL."""

    stages: Annotated[tuple[Stage, ...], Field(min_length=2, max_length=20)] | None = None
    aipl: Aipl | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> LifecycleConfig:
        if (self.stages is None) == (self.aipl is None):
            raise PydanticCustomError("missing_key", gettext_noop("A lifecycle has either stages or aipl."))
        return self

    @model_validator(mode="after")
    def _stages_are_told_apart(self) -> LifecycleConfig:
        stages = self.stages or ()
        if len({stage.slug for stage in stages}) < len(stages):
            raise PydanticCustomError("duplicate", gettext_noop("Two stages have the same short name."))
        if any((stage.rule is None) != (place == 0) for place, stage in enumerate(stages)):
            words = gettext_noop("The first stage has no rule: it catches everybody else. All others have one.")
            raise PydanticCustomError("wrong_value", words)
        return self

    def all_stages(self) -> tuple[Stage, ...]:
        """Whichever they are."""
        assert self.stages is not None or self.aipl is not None
        return self.stages if self.stages is not None else self.aipl.stages()  # type: ignore[union-attr]


class Lifecycle(SegmentationType[LifecycleConfig]):
    slug = "lifecycle"
    label = gettext_lazy("lifecycle")
    is_ordered = True
    config = LifecycleConfig

    def read(self, value: object, path: str = "config") -> LifecycleConfig:
        config = super().read(value, path)
        for place, stage in enumerate(config.stages or ()):
            if stage.rule is not None:
                # Bounds the size of each, which the model does not.
                parse_rule(dump_rule(stage.rule), join(join(join(path, "stages"), place), "rule"))
        return config

    def check(self, config: LifecycleConfig, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        """Rules are checked by themselves; those of AIPL can only be wrong in what their events are called."""
        if config.aipl is not None:
            for index, name in enumerate(config.aipl.interest):
                yield from check_event(name, catalogue, join(join(path, "aipl.interest"), index))
            yield from check_event(config.aipl.purchase, catalogue, join(path, "aipl.purchase"))

    def rules(self, config: LifecycleConfig) -> Iterator[tuple[str, Rule]]:
        for place, stage in enumerate(config.stages or ()):
            if stage.rule is not None:
                yield f"stages[{place}]", stage.rule

    def cells(self, config: LifecycleConfig) -> tuple[Cell, ...]:
        return tuple(Cell(stage.slug, stage.label) for stage in config.all_stages())

    def piece(self, config: LifecycleConfig, scope: Scope, after: Any) -> Piece:
        """One stage a piece, the last first: whoever is made known meanwhile is then among everybody."""
        stages = config.all_stages()
        place = len(stages) - 1 if after is None else int(after)
        rule = stages[place].rule or EVERYBODY
        body = pack_members(members_of(rule, scope))
        return Piece(body, place - 1 if place else None, 1 - place / len(stages))

    def settle(self, config: LifecycleConfig, pieces: Pieces) -> Settled:
        found: dict[str, Members] = {}
        taken = Members()
        for stage, body in zip(reversed(config.all_stages()), pieces(), strict=True):
            members = unpack_members(body)
            found[stage.slug] = members - taken
            taken = taken | members
        return Settled({}, dict(reversed(found.items())))

    def explain(
        self, config: LifecycleConfig, scope: Scope, cuts: Mapping[str, Any], profile: int
    ) -> Standing | None:  # fmt: skip
        if not Profile.objects.filter(pk=profile, kind=scope.kind).exists():
            return None
        alone = People.alone(profile, micros(scope.at), scope.zone)
        holds = {
            stage.slug: explain(scope.cursor, stage.rule or EVERYBODY, alone).holds for stage in config.all_stages()
        }
        last = [stage for stage in config.all_stages() if holds[stage.slug]][-1]
        yes, no = _("holds"), _("does not hold")
        facts = tuple(
            Fact(stage.slug, holds[stage.slug], f"{stage.label}: {yes if holds[stage.slug] else no}")
            for stage in config.all_stages()
            if stage.rule is not None
        )
        return Standing(last.slug, _("the last stage whose rule holds"), facts)


TYPES.register(Lifecycle.slug, Lifecycle())
