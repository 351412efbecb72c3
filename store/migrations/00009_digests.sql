-- +goose Up

-- A digest of every revision, made when it is written, of all that stands in it
-- and of the digest of the one before. A revision that is rewritten later, past
-- the triggers that forbid it, no longer has its digest; one that is rewritten
-- together with its digest is no longer what the next one follows. The text that
-- is digested is jsonb's own, which the server writes alike whatever wrote the
-- snapshot, so that it outlives the fields that a version of the program knows.
ALTER TABLE revisions ADD COLUMN digest bytea;

-- store/verify_chain.go has the same formula: who looks does not ask a function
-- that whoever rewrites could have replaced.
-- +goose StatementBegin
CREATE FUNCTION revision_digest(r revisions, before bytea) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(jsonb_build_array(encode(before, 'hex'), r.record_id, r.version, to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
    r.actor, r.origin, r.status, r.reason, r.snapshot)::text, 'UTF8'))
$$;
-- +goose StatementEnd

-- Revisions that were there before have the digest of what they are now.
ALTER TABLE revisions DISABLE TRIGGER keep_revisions;
-- +goose StatementBegin
DO $$
DECLARE
  r revisions;
  last bytea;
BEGIN
  FOR r IN SELECT * FROM revisions ORDER BY record_id, version LOOP
    last := revision_digest(r, CASE WHEN r.version > 1 THEN last END);
    UPDATE revisions SET digest = last WHERE record_id = r.record_id AND version = r.version;
  END LOOP;
END $$;
-- +goose StatementEnd
ALTER TABLE revisions ENABLE TRIGGER keep_revisions;
ALTER TABLE revisions ALTER COLUMN digest SET NOT NULL, ADD CONSTRAINT revisions_digest_check CHECK (octet_length(digest) = 32);

-- +goose StatementBegin
CREATE FUNCTION digest_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.digest := revision_digest(NEW, CASE WHEN NEW.version > 1 THEN
    (SELECT digest FROM revisions WHERE record_id = NEW.record_id AND version = NEW.version - 1) END);
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER digest_revision BEFORE INSERT ON revisions FOR EACH ROW EXECUTE FUNCTION digest_revision();

-- +goose Down
DROP TRIGGER digest_revision ON revisions;
DROP FUNCTION digest_revision();
DROP FUNCTION revision_digest(revisions, bytea);
ALTER TABLE revisions DROP COLUMN digest;
