-- +goose Up

-- Tokens that were given out. hash is SHA-256 of a secret of 256 random bits
-- (catalog.Credential says why a fast hash is right); id is the part of the
-- token's text that is no secret.
CREATE TABLE access_tokens (
  id           text PRIMARY KEY CHECK (id ~ '^[a-z2-7]{8}$'),
  hash         bytea NOT NULL CHECK (octet_length(hash) = 32),
  name         text NOT NULL CHECK (name <> ''),
  role         text NOT NULL CHECK (role IN ('READER', 'EDITOR', 'REVIEWER', 'ADMIN')),
  -- A token goes with its committee, which goes only where it was synthetic.
  committee_id bigint REFERENCES committees ON DELETE CASCADE,
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  last_used_at timestamptz, -- to the hour
  revoked_at   timestamptz,
  CHECK (role IN ('READER', 'ADMIN') OR committee_id IS NOT NULL)
);
-- Revisions say who made them by the token's name.
CREATE UNIQUE INDEX access_tokens_name ON access_tokens (name) WHERE revoked_at IS NULL;

-- Browsers that are signed in. Who signed in by a token is what the token says
-- at each request, and is out when the token is; who signed in by an identity
-- provider is what that said at the time, for as long as the session lasts.
CREATE TABLE sessions (
  id           text PRIMARY KEY CHECK (id ~ '^[a-z2-7]{8}$'),
  hash         bytea NOT NULL CHECK (octet_length(hash) = 32),
  token_id     text REFERENCES access_tokens ON DELETE CASCADE,
  name         text,
  role         text CHECK (role IN ('READER', 'EDITOR', 'REVIEWER', 'ADMIN')),
  committee_id bigint REFERENCES committees ON DELETE CASCADE,
  created_at   timestamptz NOT NULL DEFAULT now(),
  seen_at      timestamptz NOT NULL DEFAULT now(), -- to the minute
  expires_at   timestamptz NOT NULL,               -- whatever happens
  CHECK (token_id IS NOT NULL AND name IS NULL AND role IS NULL AND committee_id IS NULL
      OR token_id IS NULL AND name <> '' AND role IS NOT NULL AND (role IN ('READER', 'ADMIN') OR committee_id IS NOT NULL))
);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX sessions_token ON sessions (token_id);

-- The committees below one, at any depth, without itself.
-- +goose StatementBegin
CREATE FUNCTION committees_below(top bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  WITH RECURSIVE below AS (
    SELECT id FROM committees WHERE parent_id = top
    UNION
    SELECT c.id FROM committees c JOIN below b ON c.parent_id = b.id
  )
  SELECT id FROM below WHERE id <> top
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION committees_below(bigint);
DROP TABLE sessions, access_tokens;
