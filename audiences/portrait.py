"""One profile seen from all sides."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import connection

from audiences.kinds import KINDS
from audiences.models import Profile
from itinera.kit.masking import mask_identity
from itinera.kit.sqlfile import queries

LATEST = 50
"""So many of her latest events are shown."""

_SQL = queries(__file__, "portrait.sql")


def profile_view(number: int, *, clear: bool) -> dict[str, Any] | None:
    """Facts, identities (masked unless `clear`) and latest events of a profile; None if there is none."""
    profile = Profile.objects.filter(id=number).first()
    if profile is None:
        return None
    return {
        "id": profile.id,
        "zone": profile.zone,
        "attributes": profile.attributes,
        "tags": profile.tags,
        "consent": profile.consent,
        "suppressed": profile.suppressed,
        "identities": identities_of(profile, clear=clear),
        "events": latest_events(number),
        "created_at": profile.created_at,
        "updated_at": profile.updated_at,
    }


def identities_of(profile: Profile, *, clear: bool) -> list[dict[str, str]]:
    """Her identities, known kinds first."""
    rank = {kind: place for place, kind in enumerate(KINDS)}
    rows = sorted(profile.identities.all(), key=lambda row: (rank.get(row.kind, len(rank)), row.kind, row.value))
    return [{"kind": row.kind, "value": row.value if clear else mask_identity(row.kind, row.value)} for row in rows]


def latest_events(number: int, most: int = LATEST) -> list[dict[str, Any]]:
    """What she did last, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL["latest_events"], {"profile": number, "most": most})
        return [
            {"event": name, "time": time, "properties": orjson.loads(body)} for name, time, body in cursor.fetchall()
        ]
