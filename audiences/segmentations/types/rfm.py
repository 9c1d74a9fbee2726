"""RFM: how lately, how often, for how much somebody bought; and how warm those are who never did.

Recency counts local days from the day of the last purchase to the day of the run, in the person's own zone (else the
workspace's): somebody who bought today has 0, whatever the hour. Frequency and money count within the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from audiences.definitions.base import Scope
from audiences.measures.check import check_event, check_events
from audiences.rules import Catalogue
from audiences.rules.ast import Event
from audiences.rules.places import join
from audiences.segmentations.bands import bands_of, levels_of, quantile_cuts
from audiences.segmentations.base import TYPES, Cell, Standing
from audiences.segmentations.eleven import SEGMENTS, TABLE, Seen, lines_of, segments_of
from audiences.segmentations.packing import Columns
from audiences.segmentations.rfm_config import ByThresholds, Purchase, Refund, RfmConfig
from audiences.segmentations.rfm_scores import scores
from audiences.segmentations.rfm_words import facts_of
from audiences.segmentations.tables import TableType
from audiences.stretches import Stretch
from itinera.kit.errors import Problem

NEVER_BOUGHT = -1
SCORES = ("recency", "frequency", "money")


class Rfm(TableType[RfmConfig]):
    slug = "rfm"
    label = gettext_lazy("RFM")
    config = RfmConfig

    def check(self, config: RfmConfig, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        told: list[tuple[str, Purchase | Refund]] = [("purchase", config.purchase)]
        told += [("refund", config.refund)] if config.refund else []
        for key, event in told:
            leaf = Event(event=event.event, where=event.where, measure="sum", property=event.amount, op="is_set")
            yield from check_events(leaf, catalogue, join(path, key), {"property": "amount"})
        for key in ("checkout", "interest"):
            for index, name in enumerate(getattr(config.leads, key)):
                yield from check_event(name, catalogue, join(join(join(path, "leads"), key), index))

    def cells(self, config: RfmConfig) -> tuple[Cell, ...]:
        return tuple(Cell(slug, str(label)) for slug, label in SEGMENTS.items())

    def measure(self, config: RfmConfig, scope: Scope, stretch: Stretch) -> Columns:
        return scores(config, scope.catalogue).read(scope, stretch)

    def kept(self) -> tuple[str, ...]:
        return ("recency", "frequency", "money", "began", "depth", "fresh")

    def cuts(self, config: RfmConfig, tables: Iterable[Columns]) -> Mapping[str, Any]:
        """Those of each score, in the direction in which it is better: recency as days, negative."""
        if isinstance(config.bands, ByThresholds):
            days = [-float(each) for each in reversed(config.bands.recency)]
            return {"recency": days, "frequency": config.bands.frequency, "money": config.bands.monetary}
        lately = [_goodness(table, _bought_lately(table)) for table in tables]
        return {
            name: quantile_cuts(
                np.concatenate([each[name] for each in lately] or [np.empty(0)]), config.bands.quantiles
            )
            for name in ("recency", "frequency", "money")
        }

    def places(self, config: RfmConfig, cuts: Mapping[str, Any], table: Columns) -> NDArray[np.int16]:
        return segments_of(seen(config, cuts, table))

    def stand(self, config: RfmConfig, scope: Scope, cuts: Mapping[str, Any], table: Columns) -> Standing:
        line = TABLE[int(lines_of(seen(config, cuts, table))[0])]
        return Standing(line.segment, str(line.why), facts_of(config, scope.zone, cuts, table, bands(cuts, table)))


def bands(cuts: Mapping[str, Any], table: Columns) -> dict[str, NDArray[np.int8]]:
    """The bands of each person's scores, 1 the lowest."""
    everybody = np.ones(len(table["id"]), dtype=bool)
    return {name: bands_of(values, cuts[name]) for name, values in _goodness(table, everybody).items()}


def seen(config: RfmConfig, cuts: Mapping[str, Any], table: Columns) -> Seen:
    """What the table of the 11 segments looks at."""
    levels = {name: levels_of(found, len(cuts[name]) + 1) for name, found in bands(cuts, table).items()}
    return Seen(
        bought=table["recency"] != NEVER_BOUGHT, lately=_bought_lately(table), recency=levels["recency"],
        frequency=levels["frequency"], money=levels["money"], began=table["began"] > 0, fresh=table["fresh"],
        warm=table["depth"] >= config.leads.warm_from,
    )  # fmt: skip


def _bought_lately(table: Columns) -> NDArray[np.bool_]:
    """Whether somebody bought within the window."""
    found: NDArray[np.bool_] = table["frequency"] > 0
    return found


def _goodness(table: Columns, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    return {
        "recency": -table["recency"][rows].astype(np.float64),
        "frequency": table["frequency"][rows],
        "money": table["money"][rows],
    }


TYPES.register(Rfm.slug, Rfm())
