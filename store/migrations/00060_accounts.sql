-- +goose Up

-- What was done with accounts, and who signed in when. It has no secrets, and is
-- only added to.
CREATE TABLE account_log (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at           timestamptz NOT NULL DEFAULT now(),
  event        text NOT NULL CHECK (event IN ('SIGNED_IN', 'GIVEN', 'RENEWED', 'LIMITED', 'REVOKED', 'LINK_MADE', 'CONTACT_CHANGED', 'WEBHOOK_CHANGED')),
  name         text NOT NULL, -- the account's; of a contact its committee's, of a webhook its own
  role         text,
  committee_id bigint REFERENCES committees ON DELETE SET NULL,
  way          text CHECK (way IN ('TOKEN', 'LINK', 'PROVIDER')), -- of a sign-in
  actor        text, -- who did it; null: the account itself, or the command line
  detail       text
);
CREATE INDEX account_log_at ON account_log (at);
CREATE INDEX account_log_name ON account_log (name, at);

-- Links that sign somebody in once. hash is as that of a token.
CREATE TABLE sign_in_links (
  id         text PRIMARY KEY CHECK (id ~ '^[a-z2-7]{8}$'),
  hash       bytea NOT NULL CHECK (octet_length(hash) = 32),
  token_id   text NOT NULL REFERENCES access_tokens ON DELETE CASCADE,
  made_by    text NOT NULL,
  made_at    timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX sign_in_links_token ON sign_in_links (token_id);

-- Whom to call at a committee, for signed-in readers. It is beside the records on
-- purpose: no revision, snapshot, change of the outbox or document of the index has
-- it, and so no export, release or harvest can.
CREATE TABLE committee_contacts (
  committee_id bigint PRIMARY KEY REFERENCES committees ON DELETE CASCADE,
  name         text,
  phone        text,
  email        text,
  changed_by   text NOT NULL,
  changed_at   timestamptz NOT NULL DEFAULT now(),
  CHECK (num_nonnulls(name, phone, email) > 0)
);

-- +goose Down
DROP TABLE committee_contacts, sign_in_links, account_log;
