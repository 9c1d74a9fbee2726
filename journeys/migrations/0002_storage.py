"""What Django cannot describe: partitions, fill factors, and that a published canvas never changes."""

from django.db import migrations

PATH = """
CREATE TABLE path (
    profile_id bigint NOT NULL,
    at timestamptz NOT NULL,
    version_id integer NOT NULL,
    seq integer NOT NULL,
    stamp integer NOT NULL,
    shard smallint NOT NULL,
    codes smallint[] NOT NULL
) PARTITION BY RANGE (at);
-- Explain: the paths of one person.
CREATE INDEX path_profile ON path (profile_id);
"""

# Waiting people are woken and parked again without an index to touch: room on the page keeps it so.
# Chunks, tallies and the held feed live briefly or change in place: vacuum by number.
SETTLE = """
ALTER TABLE enrolment SET (fillfactor = 70);
ALTER TABLE tally SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
ALTER TABLE chunk SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
"""

IMMUTABLE = """
CREATE FUNCTION version_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.canvas IS DISTINCT FROM OLD.canvas OR NEW.journey_id <> OLD.journey_id OR NEW.number <> OLD.number
       OR NEW.published_at <> OLD.published_at THEN
        RAISE EXCEPTION 'a published version never changes (version %)', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_is_immutable BEFORE UPDATE ON version FOR EACH ROW EXECUTE FUNCTION version_is_immutable();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0001_journeys")]

    operations = [
        migrations.RunSQL(PATH, "DROP TABLE path"),
        migrations.RunSQL(SETTLE, migrations.RunSQL.noop),
        migrations.RunSQL(
            IMMUTABLE,
            "DROP TRIGGER version_is_immutable ON version; DROP FUNCTION version_is_immutable()",
        ),
    ]
