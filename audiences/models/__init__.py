"""Who: profiles, identities, events and the feed. One module per noun."""

from audiences.kinds import KINDS
from audiences.models.audience import Audience, AudienceMembers, AudienceRefresh, AudienceShift
from audiences.models.catalogue import AttributeType, EventType, ValueType
from audiences.models.change import ProfileChange
from audiences.models.consent import ConsentChange
from audiences.models.event import SLOTS_LOCK, Event, EventKey
from audiences.models.feed import INTEREST_LOCK, Feed, FeedKind, Interest, Shard
from audiences.models.identity import Identity
from audiences.models.leaf import LeafResult
from audiences.models.lookup import LookupRow, LookupTable
from audiences.models.merge import PEOPLE_LOCK, Merge, MergeMoved, MergeRequest, MergeState
from audiences.models.profile import SHARDS, PeopleKind, Profile
from audiences.models.rejected import RejectedRow
from audiences.models.segmentation import (
    Segmentation,
    SegmentationRun,
    SegmentMembers,
    SegmentPiece,
)
from audiences.models.tag import Tag, TagSource
from audiences.models.upload import Upload, UploadError, UploadTarget
from audiences.models.workspace import Workspace

__all__ = [
    "INTEREST_LOCK",
    "KINDS",
    "PEOPLE_LOCK",
    "SHARDS",
    "SLOTS_LOCK",
    "AttributeType",
    "Audience",
    "AudienceMembers",
    "AudienceRefresh",
    "AudienceShift",
    "ConsentChange",
    "Event",
    "EventKey",
    "EventType",
    "Feed",
    "FeedKind",
    "Identity",
    "Interest",
    "LeafResult",
    "LookupRow",
    "LookupTable",
    "Merge",
    "MergeMoved",
    "MergeRequest",
    "MergeState",
    "PeopleKind",
    "Profile",
    "ProfileChange",
    "RejectedRow",
    "SegmentMembers",
    "SegmentPiece",
    "Segmentation",
    "SegmentationRun",
    "Shard",
    "Tag",
    "TagSource",
    "Upload",
    "UploadError",
    "UploadTarget",
    "ValueType",
    "Workspace",
]
