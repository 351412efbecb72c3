-- +goose Up

-- The rules of the domain that a column's check cannot hold, so that no way of
-- writing gets around them.

-- A record is never changed without a revision: a change of any column but a
-- derived one goes one version further, and the version's revision must exist.
-- +goose StatementBegin
CREATE FUNCTION change_with_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE derived CONSTANT text[] := ARRAY['adoption_count', 'starts_on'];
BEGIN
  -- starts_on is generated, and not filled in yet before the update.
  IF NEW.version <> OLD.version + 1 AND to_jsonb(NEW) - derived <> to_jsonb(OLD) - derived THEN
    RAISE EXCEPTION 'a record is never changed without a revision' USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- Nothing is invented: what is documented has a citation. Sources are what
-- citations point at and need none.
-- +goose StatementBegin
CREATE FUNCTION documented_is_cited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM citations WHERE record_id = NEW.id) THEN
    RAISE EXCEPTION 'a documented record needs a citation' USING ERRCODE = 'check_violation', CONSTRAINT = 'documented_is_cited', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE noun text;
BEGIN
  FOREACH noun IN ARRAY ARRAY['sources', 'regions', 'committees', 'topics', 'persons', 'brands', 'proposals', 'cases',
                              'indicators', 'practices', 'evaluations', 'adoptions', 'venues'] LOOP
    EXECUTE format('CREATE TRIGGER change_with_version BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION change_with_version()', noun);
    IF noun <> 'sources' THEN
      EXECUTE format('CREATE CONSTRAINT TRIGGER documented_is_cited AFTER INSERT OR UPDATE ON %I DEFERRABLE INITIALLY DEFERRED '
                     'FOR EACH ROW WHEN (NEW.origin = ''DOCUMENTED'') EXECUTE FUNCTION documented_is_cited()', noun);
    END IF;
  END LOOP;
END $$;
-- +goose StatementEnd

-- The same from the other side: the last citation of a documented record stays.
-- +goose StatementBegin
CREATE FUNCTION citation_is_needed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE documented boolean;
BEGIN
  IF EXISTS (SELECT FROM citations WHERE record_id = OLD.record_id) THEN
    RETURN NULL;
  END IF;
  SELECT r.origin = 'DOCUMENTED' INTO documented
  FROM records JOIN revisions r ON r.record_id = records.id
  WHERE records.id = OLD.record_id AND records.kind <> 'SOURCE'
  ORDER BY r.version DESC LIMIT 1;
  IF documented THEN
    RAISE EXCEPTION 'a documented record needs a citation' USING ERRCODE = 'check_violation', CONSTRAINT = 'documented_is_cited';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER citation_is_needed AFTER DELETE OR UPDATE ON citations DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION citation_is_needed();

-- A quote stands in its source's text where its citation says.
-- +goose StatementBegin
CREATE FUNCTION quote_stands_in_source() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM sources s WHERE s.id = NEW.source_id AND substr(s.text, NEW.start_at + 1, NEW.end_at - NEW.start_at) = NEW.quote) THEN
    RAISE EXCEPTION 'the quote does not stand in its source at %', NEW.start_at USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_stands_in_source';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER quote_stands_in_source BEFORE INSERT OR UPDATE ON citations FOR EACH ROW EXECUTE FUNCTION quote_stands_in_source();

-- +goose StatementBegin
CREATE FUNCTION source_keeps_its_quotes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM citations c JOIN sources s ON s.id = c.source_id
             WHERE c.source_id = NEW.id AND substr(s.text, c.start_at + 1, c.end_at - c.start_at) <> c.quote) THEN
    RAISE EXCEPTION 'the changed text no longer holds what is quoted from it' USING ERRCODE = 'check_violation', CONSTRAINT = 'source_keeps_its_quotes';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER source_keeps_its_quotes AFTER UPDATE OF text ON sources DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION source_keeps_its_quotes();

-- Nobody takes over a case of its own.
-- +goose StatementBegin
CREATE FUNCTION no_adoption_of_own_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'adoptions' THEN
    PERFORM FROM cases WHERE id = NEW.case_id AND committee_id = NEW.adopter_id;
  ELSE
    PERFORM FROM adoptions WHERE case_id = NEW.id AND adopter_id = NEW.committee_id;
  END IF;
  IF FOUND THEN
    RAISE EXCEPTION 'a committee cannot adopt its own case' USING ERRCODE = 'check_violation', CONSTRAINT = 'no_adoption_of_own_case';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER no_adoption_of_own_case AFTER INSERT OR UPDATE OF case_id, adopter_id ON adoptions
  FOR EACH ROW EXECUTE FUNCTION no_adoption_of_own_case();
CREATE CONSTRAINT TRIGGER no_adoption_of_own_case AFTER UPDATE OF committee_id ON cases
  FOR EACH ROW EXECUTE FUNCTION no_adoption_of_own_case();

-- How many published adoptions a case has, kept to order by.
-- +goose StatementBegin
CREATE FUNCTION count_adoptions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.status = 'PUBLISHED' THEN
    UPDATE cases SET adoption_count = adoption_count - 1 WHERE id = OLD.case_id;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.status = 'PUBLISHED' THEN
    UPDATE cases SET adoption_count = adoption_count + 1 WHERE id = NEW.case_id;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER count_adoptions AFTER INSERT OR DELETE OR UPDATE OF case_id, status ON adoptions
  FOR EACH ROW EXECUTE FUNCTION count_adoptions();

-- A region, topic or brand with all below it, for filters.
-- +goose StatementBegin
CREATE FUNCTION regions_below(codes text[]) RETURNS SETOF text LANGUAGE sql STABLE AS $$
  WITH RECURSIVE below AS (
    SELECT code FROM regions WHERE code = ANY (codes) OR former_code = ANY (codes)
    UNION SELECT r.code FROM regions r JOIN below b ON r.parent_code = b.code)
  SELECT code FROM below
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION topics_below(slugs text[]) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  WITH RECURSIVE below AS (
    SELECT id FROM topics WHERE slug = ANY (slugs)
    UNION SELECT t.id FROM topics t JOIN below b ON t.parent_id = b.id)
  SELECT id FROM below
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION brands_below(slugs text[]) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  WITH RECURSIVE below AS (
    SELECT id FROM brands WHERE slug = ANY (slugs)
    UNION SELECT b.id FROM brands b JOIN below p ON b.parent_id = p.id)
  SELECT id FROM below
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION brands_below(text[]);
DROP FUNCTION topics_below(text[]);
DROP FUNCTION regions_below(text[]);
DROP FUNCTION count_adoptions() CASCADE;
DROP FUNCTION no_adoption_of_own_case() CASCADE;
DROP FUNCTION source_keeps_its_quotes() CASCADE;
DROP FUNCTION quote_stands_in_source() CASCADE;
DROP FUNCTION citation_is_needed() CASCADE;
DROP FUNCTION documented_is_cited() CASCADE;
DROP FUNCTION change_with_version() CASCADE;
