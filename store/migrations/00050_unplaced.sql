-- +goose Up

-- The text of a draft that an import could not put into any part. Nothing is shown
-- to everybody while it stands.
ALTER TABLE cases ADD COLUMN unplaced text CHECK (unplaced <> ''),
  ADD CONSTRAINT published_is_placed CHECK (unplaced IS NULL OR status <> 'PUBLISHED');

-- +goose Down
ALTER TABLE cases DROP CONSTRAINT published_is_placed, DROP COLUMN unplaced;
