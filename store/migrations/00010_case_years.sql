-- +goose Up

-- The cases of a county and a year, and of a year, newest first, without reading
-- those of all other years on the way.
CREATE INDEX cases_region_year ON cases (region_code, year, coalesce(starts_on, '-infinity'), id);
CREATE INDEX cases_year ON cases (year, coalesce(starts_on, '-infinity'), id);

-- +goose Down
DROP INDEX cases_region_year, cases_year;
