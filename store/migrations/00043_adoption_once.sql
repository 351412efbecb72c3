-- +goose Up

-- A committee takes over a case once. What was withdrawn stays beside it.
CREATE UNIQUE INDEX adoptions_once ON adoptions (case_id, adopter_id) WHERE status <> 'ARCHIVED';

-- +goose Down
DROP INDEX adoptions_once;
