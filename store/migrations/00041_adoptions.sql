-- +goose Up

-- What became of an outcome need not be known, and is not guessed then.
ALTER TABLE outcomes DROP CONSTRAINT outcomes_status_check;
ALTER TABLE outcomes ADD CONSTRAINT outcomes_status_check
  CHECK (status IN ('SUBMITTED', 'ENDORSED', 'ADOPTED', 'IMPLEMENTED', 'NOT_ADOPTED', 'UNSTATED'));

-- What the committee whose case it is says to the adopter.
ALTER TABLE adoptions ADD COLUMN thanks text CHECK (thanks <> '');

-- The last day that a date as exact as its source may mean.
-- +goose StatementBegin
CREATE FUNCTION last_day(d text) RETURNS date LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE length(d)
    WHEN 4 THEN make_date(d::int, 12, 31)
    WHEN 7 THEN (first_day(d) + interval '1 month' - interval '1 day')::date
    ELSE first_day(d) END
$$;
-- +goose StatementEnd

-- A case is taken over when it has begun, and by today. Adoptions that were there
-- before are held to it when their date or case changes.
-- +goose StatementBegin
CREATE FUNCTION adoption_has_its_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF first_day(NEW.adopted_on) > (now() AT TIME ZONE 'Asia/Shanghai')::date THEN
    RAISE EXCEPTION 'an adoption is not in the future' USING ERRCODE = 'check_violation', CONSTRAINT = 'adoption_not_in_the_future';
  END IF;
  IF EXISTS (SELECT FROM cases WHERE id = NEW.case_id AND starts_on > last_day(NEW.adopted_on)) THEN
    RAISE EXCEPTION 'an adoption is not before its case began' USING ERRCODE = 'check_violation', CONSTRAINT = 'adoption_not_before_the_case';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER adoption_has_its_time_new AFTER INSERT ON adoptions
  FOR EACH ROW WHEN (NEW.adopted_on IS NOT NULL) EXECUTE FUNCTION adoption_has_its_time();
CREATE TRIGGER adoption_has_its_time AFTER UPDATE OF adopted_on, case_id ON adoptions
  FOR EACH ROW WHEN (NEW.adopted_on IS NOT NULL AND (NEW.adopted_on IS DISTINCT FROM OLD.adopted_on OR NEW.case_id <> OLD.case_id))
  EXECUTE FUNCTION adoption_has_its_time();

-- +goose Down
DROP FUNCTION adoption_has_its_time() CASCADE;
DROP FUNCTION last_day(text);
ALTER TABLE adoptions DROP COLUMN thanks;
