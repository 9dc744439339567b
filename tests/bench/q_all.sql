-- The least that any answer costs: starts at which a clinician and at least one room of an office are free for an hour.
WITH win AS (SELECT tstzrange(d0::timestamp AT TIME ZONE tz, (d0 + {days})::timestamp AT TIME ZONE tz) w, d0, tz
             FROM (SELECT date '{first}' d0, 'America/Chicago'::text tz) p),
work AS (SELECT range_agg(tstzrange((d + time '09:00') AT TIME ZONE tz, (d + time '17:00') AT TIME ZONE tz)) mr
         FROM win, generate_series(0, {days} - 1) i, LATERAL (SELECT d0 + i d) x WHERE extract(isodow FROM d) < 6),
resource AS (SELECT resource_id AS id, 'clinician' AS kind, NULL::bigint AS location_id FROM scheduling_clinician
             UNION ALL SELECT resource_id, 'room', location_id FROM scheduling_room),
busy AS MATERIALIZED (SELECT resource_id, range_agg(during) mr FROM scheduling_reservation
                      WHERE released_at IS NULL AND during && (SELECT w FROM win) GROUP BY 1),
free AS (SELECT r.id, r.kind, r.location_id, work.mr - coalesce(busy.mr, '{{}}') mr
         FROM resource r CROSS JOIN work LEFT JOIN busy ON busy.resource_id = r.id),
starts AS MATERIALIZED (SELECT id, kind, location_id,
                               range_agg(tstzrange(lower(u), upper(u) - interval '60 min', '[]')) mr
           FROM free, unnest(mr) u WHERE upper(u) - lower(u) >= interval '60 min' GROUP BY 1, 2, 3),
loc AS MATERIALIZED (SELECT location_id, range_agg(u) mr FROM starts, unnest(mr) u WHERE kind = 'room' GROUP BY 1)
SELECT c.id AS clinician_id, l.location_id, s
FROM starts c CROSS JOIN loc l, unnest(c.mr * l.mr) u,
  generate_series(date_bin('15 min', lower(u) + interval '15 min -1 us', timestamptz '2000-01-01Z'),
                  upper(u), interval '15 min') s
WHERE c.kind = 'clinician'
