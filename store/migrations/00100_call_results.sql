-- +goose Up

-- What became of calls of the years before the library: names and units as they are
-- known, no more. A case that is in the library is named by whoever enters them.
CREATE TABLE call_results (
  call_id  bigint NOT NULL REFERENCES calls ON DELETE CASCADE,
  position smallint NOT NULL,
  title    text NOT NULL CHECK (title <> '' AND title IS NFC NORMALIZED),
  unit     text CHECK (unit IS NFC NORMALIZED),
  award    text CHECK (award IS NFC NORMALIZED),
  case_id  bigint REFERENCES cases ON DELETE SET NULL,
  PRIMARY KEY (call_id, position)
);
CREATE INDEX call_results_case ON call_results (case_id);

-- +goose Down
DROP TABLE call_results;
