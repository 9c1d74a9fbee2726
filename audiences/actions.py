"""What people change about the workspace and its catalogue: each one transaction and one audit row.

`actor` None is no person (a replay loading a file): nothing is audited then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audiences import slots
from audiences.filling import hold_slots, settle_filling
from audiences.models import AttributeType, EventType, LookupTable, Workspace
from audiences.schedules import move_schedules
from itinera.kit import audit
from itinera.kit.errors import Refusal


@transaction.atomic
def declare_attribute(
    actor: audit.Actor,
    name: str,
    type: str,  # noqa: A002  # as the catalogue calls it
    label: str = "",
    lookup: str | None = None,
) -> AttributeType:
    """Give an attribute its type. Stored values of another type count as missing from now on.

    `lookup` is the look-up table whose rows its values name. Refusal if there is no such table.
    """
    _refuse_unknown_table(lookup, "lookup")
    known = AttributeType.objects.select_for_update().filter(name=name).first()
    before = _attribute(known)
    kept = known or AttributeType(name=name)
    kept.type, kept.label, kept.declared = type, label or kept.label, True
    kept.lookup = kept.lookup if lookup is None else lookup
    _keep(actor, kept, f"attribute_type:{name}", before, _attribute(kept))
    return kept


@transaction.atomic
def declare_event(
    actor: audit.Actor, name: str, label: str = "", properties: Sequence[Mapping[str, Any]] = (), *, now: datetime
) -> EventType:
    """Give an event its properties. Those not named here stay as they were seen or declared.

    The first numbers and texts get columns of their own (`audiences.slots`).
    """
    for place, each in enumerate(properties):
        _refuse_unknown_table(each.get("lookup"), f"properties[{place}].lookup")
    hold_slots()
    known = EventType.objects.select_for_update().filter(name=name).first()
    before = _event(known)
    kept = known or EventType(name=name)
    declared = {each["name"]: {key: value for key, value in each.items() if value} for each in properties}
    others = [each for each in kept.properties if each["name"] not in declared]
    earlier, kept.properties = kept.properties, [*declared.values(), *others]
    kept.label, kept.declared = label or kept.label, True
    kept.slots = slots.settled(kept.slots, earlier, kept.properties, now)
    _keep(actor, kept, f"event_type:{name}", before, _event(kept))
    settle_filling(kept, actor, now)
    return kept


@transaction.atomic
def choose_columns(actor: audit.Actor, event: str, wanted: Mapping[str, str], now: datetime) -> EventType:
    """Give the columns of an event to other properties. Refusal as `slots.chosen` has it."""
    hold_slots()
    kept = EventType.objects.select_for_update().get(name=event)
    before = _event(kept)
    kept.slots = slots.chosen(kept.slots, wanted, kept.properties, now)
    _keep(actor, kept, f"event_type:{event}", before, _event(kept))
    settle_filling(kept, actor, now)
    return kept


@transaction.atomic
def set_holdout(actor: audit.Actor, salt: str | None, percent: int, kinds: Sequence[str] | None = None) -> None:
    """Keep so many percent of some kinds of people out of everything. Another salt draws other people."""
    kept = Workspace.objects.select_for_update().get()
    before = _workspace(kept)
    kept.holdout_salt, kept.holdout_percent = salt or kept.holdout_salt, percent
    kept.holdout_kinds = kept.holdout_kinds if kinds is None else list(kinds)
    _keep(actor, kept, "workspace", before, _workspace(kept))


@transaction.atomic
def set_zone(actor: audit.Actor, zone: str) -> None:
    """The zone of everybody who has none of their own; refreshes by schedule follow its clock."""
    kept = Workspace.objects.select_for_update().get()
    before = _workspace(kept)
    kept.zone = zone
    _keep(actor, kept, "workspace", before, _workspace(kept))
    if before["zone"] != zone:
        move_schedules(zone)


def _keep(
    actor: audit.Actor,
    row: AttributeType | EventType | Workspace,
    name: str,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
) -> None:
    if before == after:
        return
    row.save()
    if actor is not None:
        audit.record(actor, "load" if before is None else "change", name, before, after)


def _refuse_unknown_table(slug: str | None, path: str) -> None:
    if slug and not LookupTable.objects.filter(slug=slug).exists():
        words = _("There is no look-up table %(slug)s.") % {"slug": slug}
        raise Refusal.because("unknown_table", words, path=path)


def _attribute(row: AttributeType | None) -> dict[str, object] | None:
    names = ("type", "label", "declared", "lookup")
    return None if row is None else {name: getattr(row, name) for name in names}


def _event(row: EventType | None) -> dict[str, object] | None:
    return None if row is None else {
        "label": row.label, "properties": row.properties, "declared": row.declared, "slots": row.slots,
    }  # fmt: skip


def _workspace(row: Workspace) -> dict[str, object]:
    names = ("zone", "holdout_salt", "holdout_percent", "holdout_kinds")
    return {name: getattr(row, name) for name in names}
