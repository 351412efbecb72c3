-- +goose Up

-- Releases for research, as every server of this database knows them. The files
-- themselves are in the data directory of the server that made them; what they
-- must be, to the byte, stands here. A release is never changed, and never goes.
CREATE TABLE releases (
  name       text PRIMARY KEY CHECK (name ~ '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$' AND length(name) <= 40),
  number     bigint GENERATED ALWAYS AS IDENTITY UNIQUE, -- in the order in which they were made
  created_at timestamptz NOT NULL DEFAULT now(),
  actor      text NOT NULL CHECK (actor <> ''),
  software   text NOT NULL,
  as_of      timestamptz NOT NULL,
  records    integer NOT NULL CHECK (records >= 0),
  synthetic  boolean NOT NULL,
  since      text REFERENCES releases,
  files      jsonb NOT NULL -- [{name, bytes, sha256}]
);

-- +goose StatementBegin
CREATE FUNCTION keep_releases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a release is never changed' USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER keep_releases BEFORE UPDATE OR DELETE ON releases FOR EACH ROW EXECUTE FUNCTION keep_releases();
CREATE TRIGGER keep_all_releases BEFORE TRUNCATE ON releases FOR EACH STATEMENT EXECUTE FUNCTION keep_releases();

-- +goose Down
DROP TABLE releases;
DROP FUNCTION keep_releases();
