-- The tables of the floor, with 20,000 appointments of the year before those that it writes.
DROP SCHEMA IF EXISTS floor CASCADE;
CREATE SCHEMA floor;

CREATE TABLE floor.appointment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  client_id int NOT NULL,
  during tstzrange NOT NULL,
  status text NOT NULL DEFAULT 'booked',
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE floor.reservation (
  appointment_id bigint NOT NULL REFERENCES floor.appointment,
  resource_id int NOT NULL,
  during tstzrange NOT NULL,
  EXCLUDE USING gist (resource_id WITH =, during WITH &&)
);
CREATE INDEX ON floor.reservation (appointment_id);
CREATE TABLE floor.outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  purpose text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

WITH written AS (
  INSERT INTO floor.appointment (client_id, during)
  SELECT n % 5000, tstzrange(t, t + interval '1 hour')
    FROM generate_series(0, 19999) n, LATERAL (SELECT timestamptz '2029-01-01Z' + n / 100 * interval '1 hour' AS t) times
  RETURNING id, during
)
INSERT INTO floor.reservation
SELECT id, (id % 100)::int + kind * 100, during FROM written, generate_series(0, 1) kind;
ANALYZE floor.appointment, floor.reservation, floor.outbox;
