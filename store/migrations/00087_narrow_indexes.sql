-- +goose Up

-- Cases are filtered and counted by the steps that they document or not. These two
-- have what that takes and nothing else: without them, all of cases is read and, of the
-- primary key of steps, every page, some forty times as many.
CREATE INDEX steps_code ON steps (code, case_id);
CREATE INDEX cases_published ON cases (id) WHERE status = 'PUBLISHED';

-- +goose Down
DROP INDEX cases_published;
DROP INDEX steps_code;
