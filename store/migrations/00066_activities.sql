-- +goose Up

-- Which kinds there are, the tables of nouns say: each holds its own, and a record
-- has one of them. Here only the form of a kind's name is held, so that kinds that
-- come at the same time need not know of each other.
ALTER TABLE records DROP CONSTRAINT records_kind_check;
ALTER TABLE records ADD CONSTRAINT records_kind_check CHECK (kind ~ '^[A-Z]+(_[A-Z]+)*$');

-- What committees held and did, with its figures.
CREATE TABLE activities (
  id           bigint PRIMARY KEY,
  slug         text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
  origin       text NOT NULL CHECK (origin IN ('DOCUMENTED', 'CONTRIBUTED', 'REFERENCE', 'SYNTHETIC')),
  status       text NOT NULL CHECK (status IN ('DRAFT', 'IN_REVIEW', 'PUBLISHED', 'ARCHIVED')),
  version      integer NOT NULL CHECK (version > 0),
  digest       bytea NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  kind         text NOT NULL DEFAULT 'ACTIVITY' CHECK (kind = 'ACTIVITY'),
  type         text NOT NULL CHECK (type IN ('CONSULTATION', 'SURVEY', 'EXCHANGE', 'TRAINING', 'RECEPTION', 'OTHER')),
  title        text NOT NULL CHECK (title <> '' AND title IS NFC NORMALIZED),
  occurred_on  partial_date,
  committee_id bigint REFERENCES committees,
  venue_id     bigint REFERENCES venues,
  participant_count integer CHECK (participant_count >= 0),
  opinions     integer CHECK (opinions >= 0),
  carried_over integer CHECK (carried_over >= 0),
  solved       integer CHECK (solved >= 0),
  starts_on    date GENERATED ALWAYS AS (first_day(occurred_on)) STORED,
  FOREIGN KEY (id, kind) REFERENCES records (id, kind) ON DELETE CASCADE,
  FOREIGN KEY (id, version) REFERENCES revisions (record_id, version) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX activities_newest ON activities (coalesce(starts_on, '-infinity'), id);
CREATE INDEX activities_committee ON activities (committee_id, coalesce(starts_on, '-infinity'), id);
CREATE INDEX activities_venue ON activities (venue_id);
CREATE TRIGGER change_with_version BEFORE UPDATE ON activities FOR EACH ROW EXECUTE FUNCTION change_with_version();
CREATE CONSTRAINT TRIGGER documented_is_cited AFTER INSERT OR UPDATE ON activities DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.origin = 'DOCUMENTED') EXECUTE FUNCTION documented_is_cited();

CREATE TABLE activity_topics (
  activity_id bigint NOT NULL REFERENCES activities ON DELETE CASCADE,
  topic_id    bigint NOT NULL REFERENCES topics,
  position    smallint NOT NULL,
  PRIMARY KEY (activity_id, topic_id)
);
CREATE INDEX activity_topics_topic ON activity_topics (topic_id);

CREATE TABLE activity_persons (
  activity_id bigint NOT NULL REFERENCES activities ON DELETE CASCADE,
  person_id   bigint NOT NULL REFERENCES persons,
  position    smallint NOT NULL,
  PRIMARY KEY (activity_id, person_id)
);
CREATE INDEX activity_persons_person ON activity_persons (person_id);

CREATE TABLE activity_cases (
  activity_id bigint NOT NULL REFERENCES activities ON DELETE CASCADE,
  case_id     bigint NOT NULL REFERENCES cases,
  position    smallint NOT NULL,
  PRIMARY KEY (activity_id, case_id)
);
CREATE INDEX activity_cases_case ON activity_cases (case_id);

-- +goose Down
DROP TABLE activity_cases, activity_persons, activity_topics, activities;
