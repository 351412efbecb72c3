-- +goose Up

-- What somebody is writing and has not saved. It is no record: no revision, outbox
-- or version, and gone after 30 days.
CREATE TABLE writings (
  viewer    text NOT NULL,
  of        text NOT NULL,
  record_id bigint NOT NULL, -- 0: a new one; no foreign key: the record may be gone
  name      text NOT NULL,
  content   text NOT NULL,
  at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (viewer, of, record_id, name)
);
CREATE INDEX writings_at ON writings (at);

-- What people are told. A notice comes with the change that causes it, in its
-- transaction, and goes to a committee, to whoever has a name, or to one viewer.
CREATE TABLE notices (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  of           text NOT NULL CHECK (of IN ('TO_REVIEW', 'RETURNED', 'PUBLISHED', 'ADOPTED', 'THANKED', 'NEED_MATCHED', 'CALL_OPENED', 'CALL_CHANGED',
                                           'CALL_CLOSING', 'SUBMISSION_RETURNED', 'SUBMISSION_ACCEPTED', 'SELECTION_PUBLISHED', 'FOLLOWED_CHANGED')),
  record_id    bigint NOT NULL,
  record_kind  text NOT NULL,
  version      integer NOT NULL, -- that the change made
  actor        text NOT NULL,
  detail       text,
  at           timestamptz NOT NULL DEFAULT now(),
  to_committee bigint REFERENCES committees ON DELETE CASCADE,
  to_name      text,
  to_viewer    text,
  CHECK (num_nonnulls(to_committee, to_name, to_viewer) = 1),
  FOREIGN KEY (record_id, record_kind) REFERENCES records (id, kind) ON DELETE CASCADE
);
CREATE INDEX notices_committee ON notices (to_committee, id) WHERE to_committee IS NOT NULL;
CREATE INDEX notices_name ON notices (to_name, id) WHERE to_name IS NOT NULL;
CREATE INDEX notices_viewer ON notices (to_viewer, id) WHERE to_viewer IS NOT NULL;
CREATE INDEX notices_record ON notices (record_id);
CREATE INDEX notices_at ON notices (at);

CREATE TABLE notice_reads (
  notice_id bigint NOT NULL REFERENCES notices ON DELETE CASCADE,
  viewer    text NOT NULL,
  PRIMARY KEY (notice_id, viewer)
);

CREATE TABLE follows (
  viewer       text NOT NULL,
  topic_id     bigint REFERENCES topics ON DELETE CASCADE,
  committee_id bigint REFERENCES committees ON DELETE CASCADE,
  region_code  text REFERENCES regions (code) ON DELETE CASCADE,
  query        text,
  at           timestamptz NOT NULL DEFAULT now(),
  CHECK (num_nonnulls(topic_id, committee_id, region_code, query) = 1),
  UNIQUE NULLS NOT DISTINCT (viewer, topic_id, committee_id, region_code, query)
);

-- +goose Down
DROP TABLE follows, notice_reads, notices, writings;
