"""What happens to whom: journeys, their versions, and every walk through them."""

from journeys.models.chunk import Chunk, ChunkKind
from journeys.models.enrolment import Enrolment, ExitReason, Path
from journeys.models.entry import ENTRY_COUNTER, EntryChange, EntryCount
from journeys.models.journey import Journey, JourneyStatus
from journeys.models.run import HeldFeed, ScheduleRun, WalkError
from journeys.models.tally import Tally
from journeys.models.version import Version, VersionStatus

__all__ = [
    "ENTRY_COUNTER",
    "Chunk",
    "ChunkKind",
    "Enrolment",
    "EntryChange",
    "EntryCount",
    "ExitReason",
    "HeldFeed",
    "Journey",
    "JourneyStatus",
    "Path",
    "ScheduleRun",
    "Tally",
    "Version",
    "VersionStatus",
    "WalkError",
]
