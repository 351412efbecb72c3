-- +goose Up

-- By a lock beside which others read and write.
ALTER TABLE cases
  VALIDATE CONSTRAINT cases_title_check,
  VALIDATE CONSTRAINT cases_summary_check,
  VALIDATE CONSTRAINT cases_background_check,
  VALIDATE CONSTRAINT cases_approach_check,
  VALIDATE CONSTRAINT cases_results_check,
  VALIDATE CONSTRAINT cases_lessons_check;

-- +goose Down
SELECT 1; -- what is valid is so for the constraints of before, too
