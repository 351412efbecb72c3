-- +goose Up

-- Long texts are kept compressed; lz4 does it several times faster than the
-- default, pglz. A server that was built without lz4 keeps the default.
-- +goose StatementBegin
DO $$
DECLARE long record;
BEGIN
  FOR long IN SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND (table_name, column_name) IN (
      ('revisions', 'snapshot'), ('sources', 'text'), ('steps', 'text'), ('practices', 'text'), ('cases', 'summary'),
      ('cases', 'background'), ('cases', 'approach'), ('cases', 'results'), ('cases', 'lessons')) LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET COMPRESSION lz4', long.table_name, long.column_name);
  END LOOP;
EXCEPTION WHEN feature_not_supported THEN
  RAISE NOTICE 'this server has no lz4; long texts are compressed with pglz';
END $$;
-- +goose StatementEnd

-- +goose Down
SELECT 1; -- what is stored stays readable either way
