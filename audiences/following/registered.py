"""What of this package follows somebody who is merged, and what does not."""

from __future__ import annotations

from audiences.followers import EXPLAINED, FOLLOWERS
from audiences.following.events import Events
from audiences.following.history import ConsentChanges, ProfileChanges
from audiences.following.members import AudienceMembers, SegmentMembers


def register() -> None:
    """Called once at start."""
    FOLLOWERS.register("events", Events())
    FOLLOWERS.register("profile_changes", ProfileChanges())
    FOLLOWERS.register("consent_changes", ConsentChanges())
    FOLLOWERS.register("audience_members", AudienceMembers())
    FOLLOWERS.register("segment_members", SegmentMembers())
    EXPLAINED.register("profile", "she herself: the merge deletes her row and keeps it in its log")
    EXPLAINED.register("identity", "moved by the merge itself")
    EXPLAINED.register("merge_request", "pointed to the survivor by the merge itself (audiences.oneid.pairs)")
    EXPLAINED.register("merge", "the log, which must name whoever is gone")
    EXPLAINED.register(
        "leaf_result", "kept for minutes; whoever writes what came of it asks the log (oneid.log.as_now)"
    )
    EXPLAINED.register(
        "audience_shift", "history: what a refresh found stays as it was found; the log leads on from there"
    )
