-- +goose Up

-- Cases that committees recommend to calls, each at one revision. What the caller
-- decides has a count of versions of its own, as nobody else may notice it before the
-- selection is published.
CREATE TABLE submissions (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  call_id       bigint NOT NULL REFERENCES calls ON DELETE CASCADE,
  case_id       bigint NOT NULL REFERENCES cases ON DELETE CASCADE,
  committee_id  bigint NOT NULL REFERENCES committees,
  case_version  integer NOT NULL,
  submitted_at  timestamptz NOT NULL,
  submitted_by  text NOT NULL,
  state         text NOT NULL CHECK (state IN ('SUBMITTED', 'RETURNED', 'ACCEPTED', 'WITHDRAWN')),
  note          text, -- the submitter's
  reason        text, -- of the last return
  decision      text CHECK (decision IN ('SHORTLISTED', 'SELECTED', 'NOT_SELECTED')),
  decision_note text,
  version       integer NOT NULL DEFAULT 1 CHECK (version > 0),
  decided       integer NOT NULL DEFAULT 0,
  case_was      text, -- the case's state before the selection published it
  UNIQUE (call_id, case_id),
  CHECK (decision IS NULL OR state = 'ACCEPTED'),
  FOREIGN KEY (case_id, case_version) REFERENCES revisions (record_id, version) ON DELETE CASCADE
);
CREATE INDEX submissions_case ON submissions (case_id);
CREATE INDEX submissions_committee ON submissions (committee_id, call_id);

-- What became of a submission: who did what, and when.
CREATE TABLE submission_events (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  submission_id bigint NOT NULL REFERENCES submissions ON DELETE CASCADE,
  what          text NOT NULL,
  actor         text NOT NULL,
  at            timestamptz NOT NULL DEFAULT now(),
  case_version  integer NOT NULL,
  detail        text
);
CREATE INDEX submission_events_submission ON submission_events (submission_id, id);

-- Who scores for a call: whoever has this viewer's name, until the end.
CREATE TABLE call_reviewers (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  call_id  bigint NOT NULL REFERENCES calls ON DELETE CASCADE,
  name     text NOT NULL CHECK (name <> ''),
  viewer   text NOT NULL CHECK (viewer <> ''),
  token_id text REFERENCES access_tokens ON DELETE SET NULL,
  ends_at  timestamptz NOT NULL,
  UNIQUE (call_id, name),
  UNIQUE (call_id, viewer)
);

CREATE TABLE call_scores (
  submission_id bigint NOT NULL REFERENCES submissions ON DELETE CASCADE,
  reviewer_id   bigint NOT NULL REFERENCES call_reviewers ON DELETE CASCADE,
  criterion     text NOT NULL,
  value         double precision NOT NULL CHECK (value >= 0 AND value <= 100),
  comment       text,
  at            timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (submission_id, reviewer_id, criterion)
);
CREATE INDEX call_scores_reviewer ON call_scores (reviewer_id);

-- A submission is taken while its call is open, of a committee that is asked, of a
-- case of its own, and within the quota. Who submits at once for one committee waits
-- for the other.
-- +goose StatementBegin
CREATE FUNCTION submission_is_taken() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of calls%ROWTYPE;
  broken text;
BEGIN
  IF NEW.state <> 'SUBMITTED' OR TG_OP = 'UPDATE' AND OLD.state = 'SUBMITTED' THEN
    RETURN NEW;
  END IF;
  SELECT * INTO of FROM calls WHERE id = NEW.call_id FOR SHARE;
  PERFORM pg_advisory_xact_lock(hashtext('submissions'), hashint8(NEW.call_id * 100003 + NEW.committee_id));
  IF of.status <> 'PUBLISHED' OR of.selected_on IS NOT NULL OR NEW.submitted_at < of.opens_at OR NEW.submitted_at >= of.closes_at THEN
    broken := 'submission_in_time';
  ELSIF NEW.committee_id NOT IN (SELECT call_asks(NEW.call_id)) THEN
    broken := 'submission_of_who_is_asked';
  ELSIF NEW.committee_id IS DISTINCT FROM (SELECT committee_id FROM cases WHERE id = NEW.case_id) THEN
    broken := 'submission_of_an_own_case';
  ELSIF of.quota <= (SELECT count(*) FROM submissions s
      WHERE s.call_id = NEW.call_id AND s.committee_id = NEW.committee_id AND s.case_id <> NEW.case_id AND s.state IN ('SUBMITTED', 'ACCEPTED')) THEN
    broken := 'submission_within_quota';
  END IF;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'the submission is not taken' USING ERRCODE = 'check_violation', CONSTRAINT = broken;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER submission_is_taken BEFORE INSERT OR UPDATE ON submissions FOR EACH ROW EXECUTE FUNCTION submission_is_taken();

-- A score is of a submission that was accepted, by a criterion of its call, before the
-- selection is published; who publishes that waits for who scores, and the other way.
-- +goose StatementBegin
CREATE FUNCTION score_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked bigint;
  chosen text;
  broken text;
  now_is text;
BEGIN
  SELECT call_id INTO asked FROM submissions WHERE id = NEW.submission_id;
  SELECT selected_on INTO chosen FROM calls WHERE id = asked FOR SHARE;
  SELECT state INTO now_is FROM submissions WHERE id = NEW.submission_id FOR SHARE;
  IF chosen IS NOT NULL THEN
    broken := 'score_before_selection';
  ELSIF now_is <> 'ACCEPTED' THEN
    broken := 'score_of_accepted';
  ELSIF NOT EXISTS (SELECT FROM call_criteria WHERE call_id = asked AND name = NEW.criterion) THEN
    broken := 'score_by_a_criterion';
  ELSIF NOT EXISTS (SELECT FROM call_reviewers WHERE id = NEW.reviewer_id AND call_id = asked) THEN
    broken := 'score_of_a_reviewer';
  END IF;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'the score does not count' USING ERRCODE = 'check_violation', CONSTRAINT = broken;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER score_counts BEFORE INSERT OR UPDATE ON call_scores FOR EACH ROW EXECUTE FUNCTION score_counts();

-- What was scored by stays a criterion.
-- +goose StatementBegin
CREATE FUNCTION criteria_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM call_scores o JOIN submissions s ON s.id = o.submission_id WHERE s.call_id = OLD.call_id AND o.criterion = OLD.name)
    AND NOT EXISTS (SELECT FROM call_criteria c WHERE c.call_id = OLD.call_id AND c.name = OLD.name) THEN
    RAISE EXCEPTION 'the criterion was scored by' USING ERRCODE = 'check_violation', CONSTRAINT = 'criteria_stay';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER criteria_stay AFTER DELETE OR UPDATE ON call_criteria DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION criteria_stay();

-- The trace is not written anew.
-- +goose StatementBegin
CREATE FUNCTION keep_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what became of a submission is not changed' USING ERRCODE = 'check_violation', CONSTRAINT = 'keep_events';
END $$;
-- +goose StatementEnd
CREATE TRIGGER keep_events BEFORE UPDATE ON submission_events FOR EACH ROW EXECUTE FUNCTION keep_events();

-- +goose Down
DROP TABLE call_scores, call_reviewers, submission_events, submissions;
DROP FUNCTION submission_is_taken(), score_counts(), criteria_stay(), keep_events();
