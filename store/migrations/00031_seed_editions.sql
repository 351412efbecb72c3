-- +goose Up

-- Which editions of the records that come with the binary have been written into
-- this database, so that a later one is brought in once, and an older server that
-- starts afterwards does not take it back. A database of before this table holds
-- the first edition, or none.
CREATE TABLE seed_editions (
  edition integer PRIMARY KEY CHECK (edition > 0),
  at      timestamptz NOT NULL DEFAULT now()
);

-- +goose Down
DROP TABLE seed_editions;
