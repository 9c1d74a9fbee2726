"""Functions that compiled rules speak: how stored JSON is read as a date, and the wall clock of a zone.

They agree with `itinera.kit.zones` and `audiences.rules.values`; property tests compare them.
"""

from django.db import migrations

CREATE = r"""
-- A JSON string such as "2026-11-22" as a date; NULL for anything else (also for 30 February).
CREATE FUNCTION rule_day(value jsonb) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    written text;
    day date;
BEGIN
    IF jsonb_typeof(value) <> 'string' THEN RETURN NULL; END IF;
    written := value #>> '{}';
    IF written !~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN RETURN NULL; END IF;
    day := make_date(left(written, 4)::int, substr(written, 6, 2)::int, 1) + (right(written, 2)::int - 1);
    RETURN CASE WHEN date_part('month', day) = substr(written, 6, 2)::int THEN day END;
END $$;

-- A JSON string such as "2026-11-22T09:30:00+08:00" as an instant; NULL for anything else. The offset
-- must be there; digits beyond microseconds are cut off.
CREATE FUNCTION rule_instant(value jsonb) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    written text;
BEGIN
    IF jsonb_typeof(value) <> 'string' THEN RETURN NULL; END IF;
    written := value #>> '{}';
    IF written !~ '^[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.]\d{1,9})?)?(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?)$'
    THEN RETURN NULL; END IF;
    IF substr(written, 9, 2) > '28' AND rule_day(to_jsonb(left(written, 10))) IS NULL THEN RETURN NULL; END IF;
    IF written LIKE '%.%' AND written ~ '[.]\d{7}' THEN written := regexp_replace(written, '([.]\d{6})\d+', '\1'); END IF;
    RETURN written::timestamptz;
END $$;

-- The instant at which the wall clock of a zone shows this. Of two such instants (the clock is set
-- back) the first; a time that the clock skips counts on from before the gap.
CREATE FUNCTION wall_instant(wall timestamp, zone text) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    later timestamptz := wall AT TIME ZONE zone;
    day_before timestamptz := later - interval '24 hours';
    earlier timestamptz := (wall - ((day_before AT TIME ZONE zone) - (day_before AT TIME ZONE 'UTC'))) AT TIME ZONE 'UTC';
BEGIN
    RETURN CASE WHEN earlier < later AND earlier AT TIME ZONE zone = wall THEN earlier ELSE later END;
END $$;

-- The same time of day so many months later; of the last day of a month that is too short.
CREATE FUNCTION shift_months(at timestamptz, months int, zone text) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN wall_instant((at AT TIME ZONE zone) + make_interval(months => months), zone);

-- Whether month and day of `day` fall into [first, last] in any year; 29 February on 28 in common years.
CREATE FUNCTION anniversary_falls(day date, first date, last date) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    years int := date_part('year', first) - date_part('year', day);
    falls date := day + make_interval(years => years);
BEGIN
    IF falls < first THEN falls := day + make_interval(years => years + 1); END IF;
    RETURN falls <= last;
END $$;
"""

DROP = """
DROP FUNCTION anniversary_falls(date, date, date);
DROP FUNCTION shift_months(timestamptz, int, text);
DROP FUNCTION wall_instant(timestamp, text);
DROP FUNCTION rule_instant(jsonb);
DROP FUNCTION rule_day(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("audiences", "0002_events_and_feed")]

    operations = [migrations.RunSQL(CREATE, DROP)]
