"""What an RFM segmentation is told: which events are purchases, how bands are cut, who counts as a lead."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, TypeAlias

from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from audiences.rules.ast import Filter
from audiences.rules.fields import Name, Span
from audiences.rules.window_ast import Part, tag_of
from itinera.kit.durations import Duration


def ascending(cuts: tuple[float, ...]) -> tuple[float, ...]:
    """A validator: each threshold above the one before."""
    if any(low >= high for low, high in pairwise(cuts)):
        raise PydanticCustomError("wrong_value", _("Thresholds must ascend, and none may stand twice."))
    return cuts


Days = Annotated[int, Field(ge=0, le=36_525, strict=True)]
Count = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
Amount = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
_Bounds = Field(min_length=2, max_length=4)


class Purchase(Part):
    """An event by which somebody has bought. A negative amount is money given back: it is subtracted, and is no
    purchase. `order` names the property that tells orders apart, where one order may come as several events.
    """

    event: Name = "order_paid"
    where: tuple[Filter, ...] = ()
    amount: Name = "amount"
    order: Name | None = None


class Refund(Part):
    """An event by which money is given back: its amount is subtracted, whatever its sign."""

    event: Name
    where: tuple[Filter, ...] = ()
    amount: Name = "amount"


class ByQuantiles(Part):
    """Bands of about equal size among those who bought within the window."""

    quantiles: Annotated[int, Field(ge=3, le=5, strict=True)] = 5


class ByThresholds(Part):
    """Bands by fixed bounds: at most so many days ago, at least so many purchases, at least so much money."""

    recency: Annotated[tuple[Days, ...], _Bounds, AfterValidator(ascending)]
    frequency: Annotated[tuple[Count, ...], _Bounds, AfterValidator(ascending)]
    monetary: Annotated[tuple[Amount, ...], _Bounds, AfterValidator(ascending)]


_NO_BANDS = _("Bands are cut by quantiles, or by thresholds of recency, frequency and monetary.")
Bands: TypeAlias = Annotated[
    Annotated[ByQuantiles, Tag("<quantiles>")] | Annotated[ByThresholds, Tag("<recency>")],
    Discriminator(
        lambda value: tag_of(value, ("quantiles", "recency")),
        custom_error_type="wrong_value", custom_error_message=_NO_BANDS,
    ),
]  # fmt: skip


class Leads(Part):
    """How people who never bought are told apart: by how lately they showed interest, and how often.

    `known` names the attribute with the day since when the brand knows somebody; without it, and where it is
    missing, that is when her profile was made.
    """

    known: Name | None = None
    fresh: Span = Duration.parse("P14D")
    checkout: tuple[Name, ...] = ("add_to_cart", "checkout_started")
    checkout_within: Span = Duration.parse("P30D")
    interest: tuple[Name, ...] = ("page_view",)
    warm_within: Span = Duration.parse("P90D")
    warm_from: Count = 3


class RfmConfig(Part):
    """`window` bounds F and M (null: all time); R looks at all time. `currency` is only shown."""

    purchase: Purchase = Purchase()
    refund: Refund | None = None
    currency: Annotated[str, Field(max_length=16)] = "CNY"
    window: Span | None = None
    bands: Bands = ByQuantiles()
    leads: Leads = Leads()
