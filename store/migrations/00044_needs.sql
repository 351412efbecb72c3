-- +goose Up

-- Matters that a committee faces and that nobody's case answers yet.
ALTER TABLE records DROP CONSTRAINT records_kind_check;
ALTER TABLE records ADD CONSTRAINT records_kind_check
  CHECK (kind IN ('REGION', 'COMMITTEE', 'TOPIC', 'PERSON', 'SOURCE', 'BRAND', 'CASE', 'PROPOSAL',
                  'PRACTICE', 'INDICATOR', 'EVALUATION', 'ADOPTION', 'VENUE', 'NEED'));

CREATE TABLE needs (
  id           bigint PRIMARY KEY,
  slug         text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
  origin       text NOT NULL CHECK (origin IN ('DOCUMENTED', 'CONTRIBUTED', 'REFERENCE', 'SYNTHETIC')),
  status       text NOT NULL CHECK (status IN ('DRAFT', 'IN_REVIEW', 'PUBLISHED', 'ARCHIVED')),
  version      integer NOT NULL CHECK (version > 0),
  digest       bytea NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  kind         text NOT NULL DEFAULT 'NEED' CHECK (kind = 'NEED'),
  problem      text NOT NULL CHECK (problem <> '' AND problem IS NFC NORMALIZED),
  closed       boolean NOT NULL,
  committee_id bigint REFERENCES committees,
  FOREIGN KEY (id, kind) REFERENCES records (id, kind) ON DELETE CASCADE,
  FOREIGN KEY (id, version) REFERENCES revisions (record_id, version) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX needs_committee ON needs (committee_id);
CREATE TRIGGER change_with_version BEFORE UPDATE ON needs FOR EACH ROW EXECUTE FUNCTION change_with_version();
CREATE CONSTRAINT TRIGGER documented_is_cited AFTER INSERT OR UPDATE ON needs DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.origin = 'DOCUMENTED') EXECUTE FUNCTION documented_is_cited();

CREATE TABLE need_topics (
  need_id  bigint NOT NULL REFERENCES needs ON DELETE CASCADE,
  topic_id bigint NOT NULL REFERENCES topics,
  position smallint NOT NULL,
  PRIMARY KEY (need_id, topic_id)
);
CREATE INDEX need_topics_topic ON need_topics (topic_id, need_id);

CREATE TABLE need_answers (
  need_id  bigint NOT NULL REFERENCES needs ON DELETE CASCADE,
  case_id  bigint NOT NULL REFERENCES cases,
  position smallint NOT NULL,
  PRIMARY KEY (need_id, case_id)
);
CREATE INDEX need_answers_case ON need_answers (case_id);

-- Who asks for the same, each once: a committee, somebody who is signed in, or a
-- network of anonymous readers, of which only a digest is kept. It is a count beside
-- the record and makes no version of it.
CREATE TABLE need_askers (
  need_id      bigint NOT NULL REFERENCES needs ON DELETE CASCADE,
  asker        text NOT NULL,
  committee_id bigint REFERENCES committees ON DELETE CASCADE,
  at           timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (need_id, asker)
);

-- +goose Down
DROP TABLE need_askers, need_answers, need_topics, needs;
