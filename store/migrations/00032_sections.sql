-- +goose Up

-- The articles that a document holds, [{title, start, end}], in code points.
ALTER TABLE sources ADD COLUMN sections jsonb NOT NULL DEFAULT '[]';

-- A source's own words for a time that a date cannot say, as 2021年上半年.
ALTER TABLE indicators ADD COLUMN as_of_text text CHECK (as_of_text <> '');

-- The figures that a case counts towards: said of the case, never guessed.
CREATE TABLE case_indicators (
  case_id      bigint NOT NULL REFERENCES cases ON DELETE CASCADE,
  indicator_id bigint NOT NULL REFERENCES indicators,
  position     smallint NOT NULL,
  PRIMARY KEY (case_id, indicator_id)
);
CREATE INDEX case_indicators_indicator ON case_indicators (indicator_id, case_id);

-- +goose Down
DROP TABLE case_indicators;
ALTER TABLE indicators DROP COLUMN as_of_text;
ALTER TABLE sources DROP COLUMN sections;
