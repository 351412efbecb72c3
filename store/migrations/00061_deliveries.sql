-- +goose Up

-- How somebody is told outside the site. viewer is as in follows.
CREATE TABLE delivery_settings (
  viewer        text PRIMARY KEY,
  name          text NOT NULL,
  role          text NOT NULL CHECK (role IN ('READER', 'EDITOR', 'REVIEWER', 'ADMIN')),
  committee_id  bigint REFERENCES committees ON DELETE CASCADE,
  email         text, -- that was confirmed
  asked_email   text, -- that waits to be confirmed
  code_hash     bytea, -- of what was sent there
  code_expires  timestamptz,
  code_tries    integer NOT NULL DEFAULT 0,
  asked_at      timestamptz
);

CREATE TABLE delivery_choices (
  viewer  text NOT NULL REFERENCES delivery_settings ON DELETE CASCADE,
  of      text NOT NULL,
  email   text NOT NULL CHECK (email IN ('OFF', 'IMMEDIATE', 'DAILY')),
  webhook boolean NOT NULL,
  PRIMARY KEY (viewer, of)
);

-- Addresses that an admin has set. Robots have their key in the url.
CREATE TABLE webhooks (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name         text NOT NULL UNIQUE,
  form         text NOT NULL CHECK (form IN ('GENERIC', 'WECOM', 'DINGTALK', 'FEISHU')),
  url          text NOT NULL,
  secret       text NOT NULL,
  committee_id bigint REFERENCES committees ON DELETE CASCADE, -- whose people may have theirs sent there; null: anybody
  made_by      text NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now()
);

-- Notices that have not been looked at for whether somebody is told of them outside.
CREATE TABLE notice_queue (
  notice_id bigint PRIMARY KEY REFERENCES notices ON DELETE CASCADE
);

-- +goose StatementBegin
CREATE FUNCTION queue_notices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO notice_queue (notice_id) SELECT id FROM added ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER queue_notices AFTER INSERT ON notices REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION queue_notices();

-- What is sent. key says what it is, so that nothing is queued twice. PENDING is
-- due; SENDING is claimed, and nothing has left that the receiver could act on;
-- HANDING is past that point. Of a sender that was killed the former is sent again,
-- and the latter is UNCERTAIN where the receiver cannot tell that it has it already.
CREATE TABLE deliveries (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key           text NOT NULL UNIQUE,
  way           text NOT NULL CHECK (way IN ('EMAIL', 'WEBHOOK')),
  purpose       text NOT NULL CHECK (purpose IN ('NOTICES', 'DIGEST', 'CONFIRM', 'TEST')),
  viewer        text REFERENCES delivery_settings ON DELETE CASCADE,
  webhook_id    bigint REFERENCES webhooks ON DELETE CASCADE,
  state         text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'SENDING', 'HANDING', 'SENT', 'UNCERTAIN', 'FAILED', 'DROPPED')),
  due_at        timestamptz NOT NULL DEFAULT now(),
  tries         integer NOT NULL DEFAULT 0,
  claim         text,
  claimed_until timestamptz,
  problem       text,
  made_at       timestamptz NOT NULL DEFAULT now(),
  ended_at      timestamptz,
  CHECK (num_nonnulls(viewer, webhook_id) = 1)
);
CREATE INDEX deliveries_due ON deliveries (way, due_at) WHERE state = 'PENDING';
CREATE INDEX deliveries_claimed ON deliveries (claimed_until) WHERE state IN ('SENDING', 'HANDING');
CREATE INDEX deliveries_made ON deliveries (made_at);

CREATE TABLE delivery_notices (
  delivery_id bigint NOT NULL REFERENCES deliveries ON DELETE CASCADE,
  notice_id   bigint NOT NULL REFERENCES notices ON DELETE CASCADE,
  PRIMARY KEY (delivery_id, notice_id)
);
CREATE INDEX delivery_notices_notice ON delivery_notices (notice_id);

-- +goose Down
DROP TRIGGER queue_notices ON notices;
DROP FUNCTION queue_notices();
DROP TABLE delivery_notices, deliveries, notice_queue, webhooks, delivery_choices, delivery_settings;
