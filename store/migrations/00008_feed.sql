-- +goose Up

-- Which feed of changes this is. Transactions are counted by each PostgreSQL
-- from its own beginning: after a restore into another one, the place up to
-- which an index has followed the old feed would look like one of the new.
ALTER TABLE outbox_horizon ADD COLUMN feed text NOT NULL DEFAULT gen_random_uuid()::text CHECK (feed <> '');

-- +goose Down
ALTER TABLE outbox_horizon DROP COLUMN feed;
