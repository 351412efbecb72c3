-- +goose Up

-- Why a record was handed back or archived, as whoever did it said.
ALTER TABLE revisions ADD COLUMN reason text CHECK (reason <> '');

-- What has been answered to a request that carried a key, so that the same one
-- sent again makes no second change. A row comes with the change itself, in its
-- transaction; who comes at the same time waits for it at the primary key.
CREATE TABLE idempotency_keys (
  viewer    text NOT NULL,
  key       text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  field     text NOT NULL,  -- which of the request's changes
  request   bytea NOT NULL, -- the digest of the request
  record_id bigint,         -- what was changed; no foreign key: the record may be gone
  version   integer,        -- the version that the change made
  at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (viewer, key, field)
);
CREATE INDEX idempotency_keys_at ON idempotency_keys (at);

-- What came of a case cannot, by way of others, be where it came from: learning
-- goes one way. Two halves of a circle could come at once, hence the lock; only
-- adoptions that say what came of them take it.
-- +goose StatementBegin
CREATE FUNCTION no_circle_of_adoptions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('no_circle_of_adoptions'));
  IF EXISTS (
    WITH RECURSIVE came (id) AS (
      SELECT NEW.resulting_case_id
      UNION SELECT a.resulting_case_id FROM adoptions a JOIN came ON a.case_id = came.id WHERE a.resulting_case_id IS NOT NULL)
    SELECT FROM came WHERE id = NEW.case_id) THEN
    RAISE EXCEPTION 'a case cannot come of itself' USING ERRCODE = 'check_violation', CONSTRAINT = 'no_circle_of_adoptions';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER no_circle_of_adoptions AFTER INSERT OR UPDATE OF case_id, resulting_case_id ON adoptions
  FOR EACH ROW WHEN (NEW.resulting_case_id IS NOT NULL) EXECUTE FUNCTION no_circle_of_adoptions();

-- +goose Down
DROP FUNCTION no_circle_of_adoptions() CASCADE;
DROP TABLE idempotency_keys;
ALTER TABLE revisions DROP COLUMN reason;
