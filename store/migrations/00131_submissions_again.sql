-- +goose Up

-- What was sent in time and given back to be mended is taken again also once the call
-- has closed, until its selection is published.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION submission_is_taken() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of calls%ROWTYPE;
  again boolean;
  broken text;
BEGIN
  IF NEW.state <> 'SUBMITTED' OR TG_OP = 'UPDATE' AND OLD.state = 'SUBMITTED' THEN
    RETURN NEW;
  END IF;
  -- INSERT … ON CONFLICT comes by here as an insertion first.
  again := EXISTS (SELECT FROM submissions WHERE call_id = NEW.call_id AND case_id = NEW.case_id AND state = 'RETURNED');
  SELECT * INTO of FROM calls WHERE id = NEW.call_id FOR SHARE;
  PERFORM pg_advisory_xact_lock(hashtext('submissions'), hashint8(NEW.call_id * 100003 + NEW.committee_id));
  IF of.status <> 'PUBLISHED' OR of.selected_on IS NOT NULL OR NEW.submitted_at < of.opens_at OR NEW.submitted_at >= of.closes_at AND NOT again THEN
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

-- +goose Down
SELECT 1;
