-- +goose Up

-- Calls for cases, and cases put together in an order.
ALTER TABLE records DROP CONSTRAINT records_kind_check;
ALTER TABLE records ADD CONSTRAINT records_kind_check CHECK (kind ~ '^[A-Z][A-Z_]*$');

CREATE TABLE calls (
  id                bigint PRIMARY KEY,
  slug              text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
  origin            text NOT NULL CHECK (origin IN ('DOCUMENTED', 'CONTRIBUTED', 'REFERENCE', 'SYNTHETIC')),
  status            text NOT NULL CHECK (status IN ('DRAFT', 'IN_REVIEW', 'PUBLISHED', 'ARCHIVED')),
  version           integer NOT NULL CHECK (version > 0),
  digest            bytea NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  kind              text NOT NULL DEFAULT 'CALL' CHECK (kind = 'CALL'),
  title             text NOT NULL CHECK (title <> '' AND title IS NFC NORMALIZED),
  text              text NOT NULL CHECK (text <> '' AND text IS NFC NORMALIZED),
  committee_id      bigint NOT NULL REFERENCES committees,
  -- Days as people read them, and the instants that they are in the zone of the server.
  opens_on          text NOT NULL CHECK (opens_on ~ '^\d{4}-\d\d-\d\d$'),
  closes_on         text NOT NULL CHECK (closes_on ~ '^\d{4}-\d\d-\d\d$'),
  opens_at          timestamptz NOT NULL,
  closes_at         timestamptz NOT NULL,
  closed_reason     text,
  parts             text[] NOT NULL CHECK (parts <@ ARRAY['SUMMARY', 'BACKGROUND', 'APPROACH', 'RESULTS', 'LESSONS'] AND cardinality(parts) > 0),
  min_characters    integer CHECK (min_characters > 0),
  max_characters    integer CHECK (max_characters >= coalesce(min_characters, 1)),
  quota             integer CHECK (quota > 0),
  blind             boolean NOT NULL,
  scores_visible_to text NOT NULL CHECK (scores_visible_to IN ('CALLER', 'SUBMITTER', 'EVERYBODY')),
  mark              text,
  indicator_id      bigint REFERENCES indicators,
  selected_on       text CHECK (selected_on ~ '^\d{4}-\d\d-\d\d$'),
  FOREIGN KEY (id, kind) REFERENCES records (id, kind) ON DELETE CASCADE,
  FOREIGN KEY (id, version) REFERENCES revisions (record_id, version) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX calls_committee ON calls (committee_id);
CREATE INDEX calls_closing ON calls (closes_at);
CREATE TRIGGER change_with_version BEFORE UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION change_with_version();
CREATE CONSTRAINT TRIGGER documented_is_cited AFTER INSERT OR UPDATE ON calls DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.origin = 'DOCUMENTED') EXECUTE FUNCTION documented_is_cited();

CREATE TABLE call_topics (
  call_id  bigint NOT NULL REFERENCES calls ON DELETE CASCADE,
  topic_id bigint NOT NULL REFERENCES topics,
  position smallint NOT NULL,
  PRIMARY KEY (call_id, topic_id)
);
CREATE INDEX call_topics_topic ON call_topics (topic_id);

CREATE TABLE call_criteria (
  call_id  bigint NOT NULL REFERENCES calls ON DELETE CASCADE,
  name     text NOT NULL CHECK (name <> ''),
  weight   integer NOT NULL CHECK (weight > 0),
  position smallint NOT NULL,
  PRIMARY KEY (call_id, name)
);

-- Who is asked by name; none is all below the caller.
CREATE TABLE call_audience (
  call_id      bigint NOT NULL REFERENCES calls ON DELETE CASCADE,
  committee_id bigint NOT NULL REFERENCES committees,
  position     smallint NOT NULL,
  PRIMARY KEY (call_id, committee_id)
);

CREATE TABLE collections (
  id           bigint PRIMARY KEY,
  slug         text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
  origin       text NOT NULL CHECK (origin IN ('DOCUMENTED', 'CONTRIBUTED', 'REFERENCE', 'SYNTHETIC')),
  status       text NOT NULL CHECK (status IN ('DRAFT', 'IN_REVIEW', 'PUBLISHED', 'ARCHIVED')),
  version      integer NOT NULL CHECK (version > 0),
  digest       bytea NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  kind         text NOT NULL DEFAULT 'COLLECTION' CHECK (kind = 'COLLECTION'),
  title        text NOT NULL CHECK (title <> '' AND title IS NFC NORMALIZED),
  preface      text,
  colophon     text,
  committee_id bigint REFERENCES committees,
  call_id      bigint REFERENCES calls,
  FOREIGN KEY (id, kind) REFERENCES records (id, kind) ON DELETE CASCADE,
  FOREIGN KEY (id, version) REFERENCES revisions (record_id, version) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX collections_committee ON collections (committee_id);
-- A call's selection is one book at a time.
CREATE UNIQUE INDEX collections_of_call ON collections (call_id) WHERE status = 'PUBLISHED';
CREATE TRIGGER change_with_version BEFORE UPDATE ON collections FOR EACH ROW EXECUTE FUNCTION change_with_version();
CREATE CONSTRAINT TRIGGER documented_is_cited AFTER INSERT OR UPDATE ON collections DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.origin = 'DOCUMENTED') EXECUTE FUNCTION documented_is_cited();

CREATE TABLE collection_cases (
  collection_id bigint NOT NULL REFERENCES collections ON DELETE CASCADE,
  case_id       bigint NOT NULL REFERENCES cases,
  position      smallint NOT NULL,
  PRIMARY KEY (collection_id, case_id)
);
CREATE INDEX collection_cases_case ON collection_cases (case_id);

-- A call counts towards a figure of its own, never towards one of a source.
-- +goose StatementBegin
CREATE FUNCTION call_has_its_indicator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM indicators WHERE id = NEW.indicator_id AND origin = 'DOCUMENTED') THEN
    RAISE EXCEPTION 'the indicator is a source''s' USING ERRCODE = 'check_violation', CONSTRAINT = 'call_has_its_indicator';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER call_has_its_indicator AFTER INSERT OR UPDATE ON calls DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.indicator_id IS NOT NULL) EXECUTE FUNCTION call_has_its_indicator();

-- Who is asked is below the caller.
-- +goose StatementBegin
CREATE FUNCTION audience_is_below() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.committee_id NOT IN (SELECT committees_below((SELECT committee_id FROM calls WHERE id = NEW.call_id))) THEN
    RAISE EXCEPTION 'the committee is not below the caller' USING ERRCODE = 'check_violation', CONSTRAINT = 'audience_is_below';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER audience_is_below AFTER INSERT OR UPDATE ON call_audience DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audience_is_below();

-- The committees that a call asks.
-- +goose StatementBegin
CREATE FUNCTION call_asks(call bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT committee_id FROM call_audience WHERE call_id = call
  UNION ALL
  SELECT committees_below((SELECT committee_id FROM calls WHERE id = call)) WHERE NOT EXISTS (SELECT FROM call_audience WHERE call_id = call)
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION call_asks(bigint);
DROP TABLE collection_cases, collections, call_audience, call_criteria, call_topics, calls;
DROP FUNCTION audience_is_below(), call_has_its_indicator();
