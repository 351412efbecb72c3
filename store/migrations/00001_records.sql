-- +goose Up

-- What holds for every record: its identity, its revisions, its citations and
-- the outbox that the search index follows. Each noun has a table of its own
-- (the next migration); records gives all of them one sequence of ids, so that
-- citations, revisions and links can point at any record with a foreign key.

-- The order of a Chinese dictionary where the server was built with ICU, the
-- order of code points where it was not.
-- +goose StatementBegin
DO $$
BEGIN
  CREATE COLLATION jisi_zh (provider = icu, locale = 'zh', deterministic = true);
EXCEPTION WHEN OTHERS THEN
  CREATE COLLATION jisi_zh FROM "C";
END $$;
-- +goose StatementEnd

CREATE TABLE records (
  id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('REGION', 'COMMITTEE', 'TOPIC', 'PERSON', 'SOURCE', 'BRAND', 'CASE', 'PROPOSAL',
                                     'PRACTICE', 'INDICATOR', 'EVALUATION', 'ADOPTION', 'VENUE')),
  UNIQUE (id, kind)
);

-- A revision is never changed; only those of synthetic records may go, with
-- their records.
CREATE TABLE revisions (
  record_id bigint NOT NULL REFERENCES records ON DELETE CASCADE,
  version   integer NOT NULL CHECK (version > 0),
  at        timestamptz NOT NULL DEFAULT now(),
  actor     text NOT NULL CHECK (actor <> ''),
  origin    text NOT NULL,
  status    text NOT NULL,
  snapshot  jsonb NOT NULL, -- the whole input; what changed is its difference from the version before
  PRIMARY KEY (record_id, version)
);

-- +goose StatementBegin
CREATE FUNCTION keep_revisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.origin = 'SYNTHETIC' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'a revision is never changed' USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd

CREATE TRIGGER keep_revisions BEFORE UPDATE OR DELETE ON revisions FOR EACH ROW EXECUTE FUNCTION keep_revisions();
CREATE TRIGGER keep_all_revisions BEFORE TRUNCATE ON revisions FOR EACH STATEMENT EXECUTE FUNCTION keep_revisions();

-- The change feed. A reader takes rows in the order of (xid, seq) and only
-- those whose transaction is older than every one still running: a plain
-- seq > last passes over rows of transactions that commit late.
CREATE TABLE outbox (
  seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
  kind       text NOT NULL,
  record_id  bigint NOT NULL, -- no foreign key: the record may be gone
  version    integer NOT NULL,
  at         timestamptz NOT NULL DEFAULT now(),
  attempts   integer NOT NULL DEFAULT 0,
  last_error text
);
CREATE INDEX outbox_order ON outbox (xid, seq);

-- Up to where the outbox has been trimmed; a cursor before it has missed rows.
CREATE TABLE outbox_horizon (
  one bool PRIMARY KEY DEFAULT true CHECK (one),
  xid xid8 NOT NULL,
  seq bigint NOT NULL
);
INSERT INTO outbox_horizon (xid, seq) VALUES ('0', 0);

-- +goose StatementBegin
CREATE FUNCTION tell_followers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('jisi_outbox', '');
  RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER tell_followers AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION tell_followers();

-- Dates as exact as their source: 2021, 2021-07 or 2021-07-15. Not a cast to
-- date, which depends on settings and so may not stand in a generated column.
-- +goose StatementBegin
CREATE FUNCTION first_day(d text) RETURNS date LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT make_date(split_part(d, '-', 1)::int, coalesce(nullif(split_part(d, '-', 2), '')::int, 1), coalesce(nullif(split_part(d, '-', 3), '')::int, 1))
$$;
-- +goose StatementEnd

CREATE DOMAIN partial_date AS text CHECK (VALUE ~ '^\d{4}(-\d{2}(-\d{2})?)?$' AND first_day(VALUE) > '0001-01-01'); -- NULL for NULL, which passes

-- +goose Down
DROP DOMAIN partial_date;
DROP FUNCTION first_day(text);
DROP TABLE outbox_horizon, outbox, revisions, records;
DROP FUNCTION tell_followers();
DROP FUNCTION keep_revisions();
DROP COLLATION jisi_zh;
