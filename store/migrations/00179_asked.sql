-- +goose Up

-- What readers who agreed asked the search for, where the operator has it kept: the words
-- that a dictionary has, in the order of the alphabet and without names and digits, the
-- day, and nothing of who asked. A row is of a question that found little or nothing
-- (vain), or of one after which a record was opened.
CREATE TABLE asked (
	day date NOT NULL,
	until date NOT NULL CHECK (until > day AND until <= day + 366),
	words text[] NOT NULL CHECK (cardinality(words) BETWEEN 1 AND 12),
	vain boolean NOT NULL,
	opened bigint REFERENCES records ON DELETE CASCADE,
	times int NOT NULL DEFAULT 1 CHECK (times > 0),
	CHECK (vain <> (opened IS NOT NULL))
);
CREATE UNIQUE INDEX asked_once ON asked (day, until, words, coalesce(opened, 0));
CREATE INDEX asked_opened ON asked (opened);

-- Lay words with the office words that a search for them finds as well, one way, as the
-- operator accepted them. Both are folded.
CREATE TABLE lay_words (
	lay text NOT NULL CHECK (char_length(lay) BETWEEN 2 AND 8),
	office text NOT NULL CHECK (char_length(office) BETWEEN 2 AND 20),
	accepted_on date NOT NULL DEFAULT current_date,
	PRIMARY KEY (lay, office),
	CHECK (office <> lay)
);

-- +goose Down
DROP TABLE lay_words;
DROP TABLE asked;
