-- +goose Up

-- What public pages say of records, in our own words: beside them, never in them.
-- Which kinds there are, each noun's own table holds, by its reference to this one.
ALTER TABLE records DROP CONSTRAINT records_kind_check;
ALTER TABLE records ADD CONSTRAINT records_kind_check CHECK (kind ~ '^[A-Z_]+$');

CREATE TABLE reports (
  id            bigint PRIMARY KEY,
  slug          text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
  origin        text NOT NULL CHECK (origin IN ('DOCUMENTED', 'CONTRIBUTED', 'REFERENCE', 'SYNTHETIC')),
  status        text NOT NULL CHECK (status IN ('DRAFT', 'IN_REVIEW', 'PUBLISHED', 'ARCHIVED')),
  version       integer NOT NULL CHECK (version > 0),
  digest        bytea NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  kind          text NOT NULL DEFAULT 'REPORT' CHECK (kind = 'REPORT'),
  record_id     bigint NOT NULL,
  record_kind   text NOT NULL CHECK (record_kind IN ('SOURCE', 'CASE', 'BRAND', 'PROPOSAL', 'PRACTICE', 'COMMITTEE')),
  fields        text[] NOT NULL,
  relation      text NOT NULL CHECK (relation IN ('SUPPORTS', 'DIFFERS', 'ADDS', 'POSSIBLY')),
  statement     text NOT NULL CHECK (statement <> '' AND statement IS NFC NORMALIZED),
  title         text NOT NULL CHECK (title <> ''),
  publisher     text,
  published_on  partial_date,
  url           text NOT NULL CHECK (url ~ '^https?://'),
  checked_on    text CHECK (checked_on ~ '^\d{4}-\d\d-\d\d$'),
  entered_by_id bigint REFERENCES committees,
  FOREIGN KEY (id, kind) REFERENCES records (id, kind) ON DELETE CASCADE,
  FOREIGN KEY (id, version) REFERENCES revisions (record_id, version) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (record_id, record_kind) REFERENCES records (id, kind)
);
CREATE INDEX reports_record ON reports (record_id, id);
CREATE INDEX reports_entered_by ON reports (entered_by_id);
CREATE TRIGGER change_with_version BEFORE UPDATE ON reports FOR EACH ROW EXECUTE FUNCTION change_with_version();
CREATE CONSTRAINT TRIGGER documented_is_cited AFTER INSERT OR UPDATE ON reports DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.origin = 'DOCUMENTED') EXECUTE FUNCTION documented_is_cited();

-- A record's reports are given whole, so that they are few.
-- +goose StatementBegin
CREATE FUNCTION few_reports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM reports r WHERE r.record_id = NEW.record_id AND r.status <> 'ARCHIVED') > 100 THEN
    RAISE EXCEPTION 'record % has more than 100 reports', NEW.record_id USING ERRCODE = 'check_violation', CONSTRAINT = 'few_reports';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER few_reports AFTER INSERT OR UPDATE ON reports DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.status <> 'ARCHIVED') EXECUTE FUNCTION few_reports();

-- +goose Down
DROP TABLE reports;
DROP FUNCTION few_reports;
