"""Who: profiles, identities, events and the feed. One module per noun."""

from audiences.kinds import KINDS
from audiences.models.catalogue import AttributeType, EventType, ValueType
from audiences.models.consent import ConsentChange
from audiences.models.event import Event, EventKey
from audiences.models.feed import INTEREST_LOCK, Feed, FeedKind, Interest, Shard
from audiences.models.identity import Identity, MergeRequest
from audiences.models.profile import SHARDS, Profile
from audiences.models.rejected import RejectedRow
from audiences.models.workspace import Workspace

__all__ = [
    "INTEREST_LOCK",
    "KINDS",
    "SHARDS",
    "AttributeType",
    "ConsentChange",
    "Event",
    "EventKey",
    "EventType",
    "Feed",
    "FeedKind",
    "Identity",
    "Interest",
    "MergeRequest",
    "Profile",
    "RejectedRow",
    "Shard",
    "ValueType",
    "Workspace",
]
