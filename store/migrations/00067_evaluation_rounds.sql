-- +goose Up

-- A year's rating by a committee's members: items and departments.
CREATE TABLE evaluation_rounds (
  id           bigint PRIMARY KEY,
  slug         text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
  origin       text NOT NULL CHECK (origin IN ('DOCUMENTED', 'CONTRIBUTED', 'REFERENCE', 'SYNTHETIC')),
  status       text NOT NULL CHECK (status IN ('DRAFT', 'IN_REVIEW', 'PUBLISHED', 'ARCHIVED')),
  version      integer NOT NULL CHECK (version > 0),
  digest       bytea NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  kind         text NOT NULL DEFAULT 'EVALUATION_ROUND' CHECK (kind = 'EVALUATION_ROUND'),
  committee_id bigint REFERENCES committees,
  year         integer NOT NULL CHECK (year BETWEEN 1949 AND 2100),
  items        text[] NOT NULL,
  departments  text[] NOT NULL,
  FOREIGN KEY (id, kind) REFERENCES records (id, kind) ON DELETE CASCADE,
  FOREIGN KEY (id, version) REFERENCES revisions (record_id, version) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX evaluation_rounds_committee ON evaluation_rounds (committee_id, year);
CREATE TRIGGER change_with_version BEFORE UPDATE ON evaluation_rounds FOR EACH ROW EXECUTE FUNCTION change_with_version();
CREATE CONSTRAINT TRIGGER documented_is_cited AFTER INSERT OR UPDATE ON evaluation_rounds DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.origin = 'DOCUMENTED') EXECUTE FUNCTION documented_is_cited();

ALTER TABLE evaluations ADD COLUMN round_id bigint REFERENCES evaluation_rounds;
CREATE INDEX evaluations_round ON evaluations (round_id);

CREATE TABLE evaluation_items (
  evaluation_id bigint NOT NULL REFERENCES evaluations ON DELETE CASCADE,
  position      smallint NOT NULL,
  item          text NOT NULL CHECK (item <> ''),
  score         double precision NOT NULL CHECK (score BETWEEN 0 AND 100),
  raters        integer CHECK (raters >= 0),
  PRIMARY KEY (evaluation_id, position)
);

-- Whose way of working it is; the document's ten are nobody's alone.
ALTER TABLE practices ADD COLUMN committee_id bigint REFERENCES committees;
CREATE INDEX practices_committee ON practices (committee_id);

-- +goose Down
DROP INDEX practices_committee;
ALTER TABLE practices DROP COLUMN committee_id;
DROP TABLE evaluation_items;
ALTER TABLE evaluations DROP COLUMN round_id;
DROP TABLE evaluation_rounds;
