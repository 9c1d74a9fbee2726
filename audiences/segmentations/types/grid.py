"""Grid: two measures crossed into cells (裂变数量 × 质量; 门店销售 × 导购绩效), each cut into bands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, TypeAlias

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from numpy.typing import NDArray
from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from audiences.definitions.base import Scope
from audiences.measures import Measure, Readers, check_measure, describe
from audiences.rules import Catalogue
from audiences.rules.fields import Slug
from audiences.rules.places import join
from audiences.rules.speech import Speech
from audiences.rules.window_ast import Part, tag_of
from audiences.rules.words import number_words
from audiences.segmentations.bands import bands_of, quantile_cuts
from audiences.segmentations.base import TYPES, Cell, Fact, Standing
from audiences.segmentations.packing import Columns
from audiences.segmentations.rfm_config import ascending
from audiences.segmentations.tables import TableType
from audiences.stretches import Stretch
from itinera.kit.errors import Problem

Label = Annotated[str, Field(min_length=1, max_length=200)]
Amount = Annotated[float, Field(allow_inf_nan=False)]
Band = Annotated[int, Field(ge=1, le=10, strict=True)]
AXES = ("x", "y")


class ByQuantiles(Part):
    """Bands of about equal size among those who have both measures."""

    quantiles: Annotated[int, Field(ge=2, le=10, strict=True)]


class ByThresholds(Part):
    """A value of at least a threshold is above it."""

    thresholds: Annotated[tuple[Amount, ...], Field(min_length=1, max_length=9), AfterValidator(ascending)]


_NO_BANDS = gettext_noop("An axis is cut by quantiles or by thresholds.")
Bands: TypeAlias = Annotated[
    Annotated[ByQuantiles, Tag("<quantiles>")] | Annotated[ByThresholds, Tag("<thresholds>")],
    Discriminator(
        lambda value: tag_of(value, ("quantiles", "thresholds")),
        custom_error_type="wrong_value", custom_error_message=_NO_BANDS,
    ),
]  # fmt: skip


class Axis(Part):
    """One measure and how it is cut; `names` are those of its bands, from the lowest on."""

    measure: Measure
    label: Label | None = None
    bands: Bands
    names: tuple[Label, ...] = ()

    @model_validator(mode="after")
    def _all_named(self) -> Axis:
        if self.names and len(self.names) != self.count:
            raise PydanticCustomError("wrong_value", gettext_noop("There must be a name for each band, or none."))
        return self

    @property
    def count(self) -> int:
        """How many bands there are."""
        return self.bands.quantiles if isinstance(self.bands, ByQuantiles) else len(self.bands.thresholds) + 1

    def name(self, band: int) -> str:
        """What a band is called."""
        return self.names[band - 1] if self.names else f"{band}/{self.count}"


class NamedCell(Part):
    """A name for the cell of these bands; without `slug` it keeps its own (`x2y1`)."""

    x: Band
    y: Band
    label: Label
    slug: Slug | None = None


class GridConfig(Part):
    """Cells that are not named are called after their bands."""

    x: Axis
    y: Axis
    cells: tuple[NamedCell, ...] = ()

    @model_validator(mode="after")
    def _cells_are_there_once(self) -> GridConfig:
        if any(cell.x > self.x.count or cell.y > self.y.count for cell in self.cells):
            raise PydanticCustomError("wrong_value", gettext_noop("A name is given to a cell that is not there."))
        slugs = [slug for slug, _label in self.named().values()]
        if len({(cell.x, cell.y) for cell in self.cells}) < len(self.cells) or len(set(slugs)) < len(slugs):
            raise PydanticCustomError("duplicate", gettext_noop("Two names are for the same cell, or are the same."))
        return self

    def named(self) -> dict[tuple[int, int], tuple[str, str]]:
        """Short name and label of every cell, by its bands."""
        own = {(cell.x, cell.y): cell for cell in self.cells}
        found = {}
        for x in range(1, self.x.count + 1):
            for y in range(1, self.y.count + 1):
                cell = own.get((x, y))
                slug = cell.slug if cell is not None and cell.slug else f"x{x}y{y}"
                found[x, y] = slug, cell.label if cell is not None else f"{self.x.name(x)} × {self.y.name(y)}"
        return found


class Grid(TableType[GridConfig]):
    """Somebody without one of the measures is in no cell; a count or sum of nothing is 0, as in rules."""

    slug = "grid"
    label = gettext_lazy("grid")
    config = GridConfig

    def check(self, config: GridConfig, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        for axis in AXES:
            yield from check_measure(getattr(config, axis).measure, catalogue, join(join(path, axis), "measure"))

    def cells(self, config: GridConfig) -> tuple[Cell, ...]:
        return tuple(Cell(slug, label) for slug, label in config.named().values())

    def measure(self, config: GridConfig, scope: Scope, stretch: Stretch) -> Columns:
        readers = Readers([config.x.measure, config.y.measure], scope.catalogue, none_is_zero=True)
        ids, (x, y) = readers.read(scope, stretch)
        return {"id": ids, "x": x, "y": y}

    def kept(self) -> tuple[str, ...]:
        return AXES

    def cuts(self, config: GridConfig, tables: Iterable[Columns]) -> Mapping[str, Any]:
        axes: dict[str, Axis] = {name: getattr(config, name) for name in AXES}
        found: dict[str, Any] = {
            name: list(axis.bands.thresholds) for name, axis in axes.items() if isinstance(axis.bands, ByThresholds)
        }
        if len(found) < len(axes):
            both = [{name: table[name][_measured(table)] for name in AXES} for table in tables]
            for name, axis in axes.items():
                if isinstance(axis.bands, ByQuantiles):
                    values = np.concatenate([np.empty(0), *(each[name] for each in both)])
                    found[name] = quantile_cuts(values, axis.bands.quantiles)
        return found

    def places(self, config: GridConfig, cuts: Mapping[str, Any], table: Columns) -> NDArray[np.int16]:
        x, y = (bands_of(table[name], cuts[name]).astype(np.int16) - 1 for name in AXES)
        return np.where(_measured(table), x * config.y.count + y, -1).astype(np.int16)

    def stand(self, config: GridConfig, scope: Scope, cuts: Mapping[str, Any], table: Columns) -> Standing:
        speech = Speech(scope.catalogue, scope.zone)
        place = int(self.places(config, cuts, table)[0])
        cell = self.cells(config)[place].slug if place >= 0 else None
        facts = tuple(_fact(name, getattr(config, name), speech, cuts[name], table[name]) for name in AXES)
        why = _("the cell of these two bands") if cell else _("a measure is missing")
        return Standing(cell, why, facts)


def _measured(table: Columns) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = ~(np.isnan(table["x"]) | np.isnan(table["y"]))
    return found


def _fact(name: str, axis: Axis, speech: Speech, cuts: Any, values: NDArray[np.float64]) -> Fact:
    what, value = axis.label or describe(axis.measure, speech), float(values[0])
    if np.isnan(value):
        return Fact(name, None, _("%(what)s: none") % {"what": what})
    band = int(bands_of(values, cuts)[0])
    shown = _("%(what)s: %(value)s → %(band)s") % {"what": what, "value": number_words(value), "band": axis.name(band)}
    return Fact(name, value, shown, band, axis.count)


TYPES.register(Grid.slug, Grid())
