"""Profile lines and event lines as they come from outside, checked one by one. Pure.

Written by hand rather than with pydantic: an event costs a few microseconds here, and a batch of a
thousand is checked within one request. The formats are those of the contract, §4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audiences.kinds import KINDS
from audiences.models.profile import PeopleKind
from audiences.rules.fields import read_instant
from itinera.kit.wire import micros
from itinera.kit.zones import is_zone

NAME, VALUE, ID = 128, 256, 256
"""The longest names, identity values and client ids, in characters."""

_EARLIEST = micros(datetime(2000, 1, 1, tzinfo=UTC))
_AHEAD = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVENT_KEYS = frozenset({"id", "event", "time", "properties", "identities", *KINDS})
_PROFILE_KEYS = frozenset(
    {"identities", "attributes", "tags", "zone", "kind", "consent", "suppressed", "updated", *KINDS}
)

Identity = tuple[str, str]
"""Kind and value."""


class BadLine(Exception):
    """A line that is refused: a stable code, plain words, and the place within the line."""

    def __init__(self, code: str, detail: str, path: str | None = None) -> None:
        super().__init__(code, detail, path)
        self.code, self.detail, self.path = code, detail, path


class EventLine(NamedTuple):
    """What somebody did; `time` in microseconds since 1970, `id` the client's own, for the check of duplicates."""

    id: str | None
    identities: tuple[Identity, ...]
    event: str
    time: int
    properties: Mapping[str, Any]


class ProfileLine(NamedTuple):
    """What is known about somebody. None where the line says nothing; a None among attributes removes one."""

    identities: tuple[Identity, ...]
    attributes: Mapping[str, Any]
    tags: Mapping[str, Any] | None
    zone: str | None
    consent: Mapping[str, Mapping[str, bool]]
    suppressed: tuple[str, ...]
    updated: int | None
    kind: str | None = None


def parse_event_line(line: object, *, now: datetime) -> EventLine:
    """BadLine with codes not_an_object, unknown_key, missing_key, wrong_type, too_long, bad_text, bad_time,
    impossible_time, no_identity. `now` bounds the time of the event.
    """
    if not isinstance(line, dict):
        raise BadLine("not_an_object", _("A line must be a JSON object."))
    kinds = _event_kinds(tuple(line))
    if kinds is None:
        _refuse_key(line, _EVENT_KEYS)
    name = line.get("event")
    if not isinstance(name, str) or not name or len(name) > NAME or not name.isprintable():
        raise _bad_text(line, "event", NAME)
    own = line.get("id")
    if own is not None and (not isinstance(own, str) or not own or len(own) > ID or not own.isprintable()):
        raise _bad_text(line, "id", ID)
    properties = line.get("properties")
    if properties is None:
        properties = {}
    elif not isinstance(properties, dict):
        raise _wrong_type("properties", gettext_noop("an object"))
    return EventLine(own, _identities(line, kinds), name, _event_time(line, now), properties)


@lru_cache(maxsize=1024)
def _event_kinds(keys: tuple[str, ...]) -> tuple[str, ...] | None:
    """The kinds of identity among the keys of a line; None if one of them is no key of an event line.

    Lines of one sender have the same keys in the same order: looked at once, they cost nothing.
    """
    return tuple(key for key in keys if key in _KIND_SET) if _EVENT_KEYS.issuperset(keys) else None


def _event_time(line: Mapping[str, Any], now: datetime) -> int:
    if "time" not in line:
        raise _missing("time")
    try:
        found = datetime.fromisoformat(line["time"])
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None:
        raise BadLine("bad_time", _("A time is ISO 8601 with offset, such as 2026-11-22T09:30:00+08:00."), "time")
    # Compared as numbers: comparing instants of different offsets costs more than all the rest of a line.
    since = found - _EPOCH
    at = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    if not _EARLIEST <= at <= _latest(now):
        raise BadLine("impossible_time", _("The time lies before 2000 or more than a day ahead."), "time")
    return at


@lru_cache(maxsize=8)
def _latest(now: datetime) -> int:
    return micros(now + _AHEAD)


def parse_profile_line(line: object) -> ProfileLine:
    """BadLine with codes not_an_object, unknown_key, wrong_type, too_long, bad_text, bad_time, unknown_zone,
    wrong_value, no_identity.
    """
    if not isinstance(line, dict):
        raise BadLine("not_an_object", _("A line must be a JSON object."))
    if not line.keys() <= _PROFILE_KEYS:
        _refuse_key(line, _PROFILE_KEYS)
    return ProfileLine(
        _identities(line, [key for key in line if key in _KIND_SET]),
        _object(line, "attributes"),
        _tags(line.get("tags")),
        _zone(line.get("zone")),
        _consent(_object(line, "consent")),
        _channels(line.get("suppressed")),
        _updated(line.get("updated")),
        _kind(line.get("kind")),
    )


def _identities(line: Mapping[str, Any], kinds: Sequence[str] | None) -> tuple[Identity, ...]:
    """In the order in which they count: member_id, then as they are written. `kinds` are those among its keys."""
    inner = line.get("identities")
    if inner is None and kinds == _MEMBER:
        return ((KINDS[0], _identity(line[KINDS[0]], KINDS[0])),)
    if inner is not None and not isinstance(inner, dict):
        raise _wrong_type("identities", gettext_noop("an object"))
    written = [(kind, line[kind], kind) for kind in kinds or ()]
    written += [(kind, value, f"identities.{kind}") for kind, value in (inner or {}).items()]
    written = [each for each in written if each[1] is not None]
    if not written:
        raise BadLine("no_identity", _("The line names nobody: it needs member_id or another identity."))
    written.sort(key=lambda each: each[0] != KINDS[0])
    for kind, _value, path in written:
        if not kind or len(kind) > NAME or not kind.isprintable():
            raise BadLine("bad_text", _("This is no name for a kind of identity."), path)
    return tuple(dict.fromkeys((kind, _identity(value, path)) for kind, value, path in written))


_KIND_SET, _MEMBER = frozenset(KINDS), KINDS[:1]


def _identity(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong_type(path, gettext_noop("text"))
    trimmed = value.strip()
    if not trimmed or len(trimmed) > VALUE or not trimmed.isprintable():
        raise _bad_text({path: value}, path, VALUE)
    return trimmed


def _object(line: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = line.get(key)
    if value is not None and not isinstance(value, dict):
        raise _wrong_type(key, gettext_noop("an object"))
    found: Mapping[str, Any] = value or {}
    for name in found:
        if not name or len(name) > NAME or not name.isprintable():
            words = _("This is no name: it is empty, too long or not printable.")
            raise BadLine("bad_text", words, f"{key}.{name[:20]}")
    return found


def _tags(value: object) -> Mapping[str, Any] | None:
    if value is None:
        return None
    if isinstance(value, list):
        value = dict.fromkeys(value, True) if all(isinstance(each, str) for each in value) else None
    if not isinstance(value, dict):
        raise _wrong_type("tags", gettext_noop("a list of tags, or an object with their values"))
    for slug, own in value.items():
        if not slug or len(slug) > NAME or not slug.isprintable():
            raise BadLine("bad_text", _("This is no tag."), "tags")
        if not isinstance(own, bool | int | float | str):
            raise _wrong_type(f"tags.{slug}", gettext_noop("true, a number or text"))
    return value


def _zone(value: object) -> str | None:
    if value is None:
        return None
    # The database knows zones by the same names, but not the nameless ones that an operating system adds.
    if not isinstance(value, str) or not ("/" in value or value == "UTC") or not is_zone(value):
        raise BadLine("unknown_zone", _("This is no time zone such as Asia/Shanghai."), "zone")
    return value


def _kind(value: object) -> str | None:
    if value is not None and value not in PeopleKind.values:
        words = _("A kind of people is one of: %(kinds)s.") % {"kinds": ", ".join(PeopleKind.values)}
        raise BadLine("wrong_value", words, "kind")
    return value


def _consent(value: Mapping[str, Any]) -> Mapping[str, Mapping[str, bool]]:
    for channel, categories in value.items():
        if not isinstance(categories, dict):
            raise _wrong_type(f"consent.{channel}", gettext_noop("an object"))
        for category, given in categories.items():
            path = f"consent.{channel}.{category}"
            if not category or len(category) > NAME or not category.isprintable():
                raise BadLine("bad_text", _("This is no name: it is empty, too long or not printable."), path)
            if not isinstance(given, bool):
                raise _wrong_type(path, gettext_noop("true or false"))
    return value


def _channels(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, str) and each.isprintable() for each in value):
        raise _wrong_type("suppressed", gettext_noop("a list of channels"))
    return tuple(value)


def _updated(value: object) -> int | None:
    if value is None:
        return None
    instant = read_instant(value) if isinstance(value, str) else None
    if instant is None:
        raise BadLine("bad_time", _("A time is ISO 8601 with offset, such as 2026-11-22T09:30:00+08:00."), "updated")
    if instant < _EARLIEST:
        raise BadLine("impossible_time", _("The time lies before 2000 or more than a day ahead."), "updated")
    return instant


def _refuse_key(line: Mapping[str, Any], known: frozenset[str]) -> None:
    key = next(each for each in line if each not in known)
    raise BadLine("unknown_key", _("The key %(key)s is not known here.") % {"key": key[:NAME]}, key[:NAME])


def _missing(key: str) -> BadLine:
    return BadLine("missing_key", _("The key %(key)s is missing.") % {"key": key}, key)


def _wrong_type(path: str, wanted: str) -> BadLine:
    return BadLine("wrong_type", _("This must be %(wanted)s.") % {"wanted": _(wanted)}, path)


def _bad_text(line: Mapping[str, Any], key: str, longest: int) -> BadLine:
    """Why a text that must be there is none that can be used."""
    if line.get(key) is None:
        return _missing(key)
    value = line[key]
    if not isinstance(value, str):
        return _wrong_type(key, gettext_noop("text"))
    if len(value) > longest:
        return BadLine("too_long", _("This text is longer than %(longest)d characters.") % {"longest": longest}, key)
    return BadLine("bad_text", _("This text is empty or holds characters that cannot be stored."), key)
