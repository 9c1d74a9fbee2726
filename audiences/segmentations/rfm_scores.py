"""What RFM looks at, as one statement over the people of a stretch."""

from __future__ import annotations

from collections.abc import Sequence

from audiences.measures.at_once import AT, AtOnce, joined, together
from audiences.measures.read import Statement, float_sql, people_sql
from audiences.rules.build import Build, Joins
from audiences.rules.catalogue import Catalogue
from audiences.rules.clock_sql import day_start_sql, local_day_sql, shift_sql
from audiences.rules.compile import CompiledRule
from audiences.rules.kinds import NUMBER
from audiences.rules.kinds.temporal import EITHER
from audiences.rules.occurrences import event_id_sql
from audiences.rules.properties import property_json, property_sql
from audiences.rules.where import where_sql
from audiences.rules.windows import frame
from audiences.segmentations.rfm_config import Leads, Purchase, Refund, RfmConfig
from itinera.kit.durations import Duration
from itinera.kit.sqlfile import queries
from itinera.kit.zones import DAY

_SQL = queries(__file__, "../sql/rfm.sql")


def scores(config: RfmConfig, catalogue: Catalogue) -> Statement:
    """Columns `id recency frequency money began depth fresh active known`, a row per person; see `rfm.sql`."""
    build = AtOnce(catalogue)
    within = f"e.time >= {_since(config.window, build)}" if config.window else "true"
    joins = Joins("r")
    purchases, amount = _told_by(config.purchase, build, joins), _amount(config.purchase, build)
    order = _order(config.purchase, build)
    parts = {
        "within": within,
        "purchases": purchases,
        "amount": amount,
        "order": order,
        "joins": joined(joins, within, purchases, amount, order),
        "count": "count(DISTINCT order_key)" if config.purchase.order else "count(*)",
        "refunds": _refunds(config.refund, within, build) if config.refund else "",
        "days": f"{local_day_sql(AT, 'u.zone')} - {local_day_sql('bought.last', 'u.zone')}",
        "money": f"coalesce({float_sql('money')}, 0)",
        **_leads(config.leads, build),
    }
    compiled = CompiledRule.of("true", build)
    return Statement(_SQL["scores"].format(people=people_sql(compiled), **parts), compiled)


def _leads(leads: Leads, build: Build) -> dict[str, str]:
    checkout, warm = _since(leads.checkout_within, build), _since(leads.warm_within, build)
    fresh = _since(leads.fresh, build)
    events = [event_id_sql(name, build) for name in dict.fromkeys((*leads.checkout, *leads.interest))]
    far = max(map(_far, (leads.checkout_within, leads.warm_within, leads.fresh)))
    window = [*frame(None, build).conditions, f"e.time >= {build.edge(lambda span: span.first - far)}"]
    begun = [event_id_sql(name, build) for name in leads.checkout]
    return {
        "interests": together([_among(events), *window]),
        "checkout": f"{_among(begun)} AND e.time >= {checkout}",
        "warm": f"e.time >= {warm}",
        "fresh_from": fresh,
        "known": _known(leads, build),
    }


def _known(leads: Leads, build: Build) -> str:
    """Since when the brand knows her."""
    if leads.known is None:
        return build.hoist("b.created_at")
    said = EITHER.read_sql(build.attribute_of_base(leads.known))
    day = day_start_sql(str(said.day), build.base.zone)
    return build.hoist(f"coalesce({said.instant}, {day}, b.created_at)")


def _told_by(event: Purchase | Refund, build: Build, joins: Joins) -> str:
    filters = where_sql(event.where, event.event, build, joins)
    return together([f"e.type_id = {event_id_sql(event.event, build)}", *frame(None, build).conditions, *filters])


def _refunds(refund: Refund, within: str, build: Build) -> str:
    joins = Joins("r")
    parts = {"within": within, "amount": _amount(refund, build), "conditions": _told_by(refund, build, joins)}
    return _SQL["refunds"].format(**parts, joins=joined(joins, *parts.values()))


def _amount(event: Purchase | Refund, build: Build) -> str:
    amount: str = property_sql(event.event, event.amount, NUMBER, build)
    return amount


def _order(purchase: Purchase, build: Build) -> str:
    """What an event shares with others of its order; one that names no order is an order of its own."""
    if purchase.order is None:
        return "NULL::jsonb"
    return f"coalesce(nullif({property_json(purchase.order, build)}, 'null'), jsonb_build_array(e.id))"


def _among(types: Sequence[str]) -> str:
    return f"e.type_id IN ({', '.join(types)})" if types else "false"


def _since(span: Duration, build: Build) -> str:
    """The instant so long ago, on each person's clock."""
    return build.hoist(shift_sql(build.base.at, -span, build.base.zone))


def _far(span: Duration) -> int:
    """No clock goes further back by it, in microseconds."""
    return span.months * 31 * DAY + span.micros + 2 * DAY
