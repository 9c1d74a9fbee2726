"""The one way in: lines about people and about what they did, in bulk, safe to send again.

    ingest_events(lines, now=…, source="api:shop")  -> IngestReport
    ingest_profiles(lines, now=…, source="load:crm.csv")

One call is one transaction (several in one would take their locks out of order). Bad lines are told
and kept, the good ones beside them go in. Locks are always taken in this order: names of the
catalogue, event keys, the lock of people, identities, profiles, the lock of interest; each sorted. So
batches wait for one another but never deadlock.
"""

from audiences.batch import Bad, IngestReport, Rejection
from audiences.ingest_events import ingest_events
from audiences.ingest_profiles import ingest_profiles

__all__ = ["Bad", "IngestReport", "Rejection", "ingest_events", "ingest_profiles"]
