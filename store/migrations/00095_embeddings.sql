-- +goose Up

-- What a server of embeddings made of a record's published text: vectors of 32-bit
-- floats, little-endian, of length 1. They are derived, as the search index is: a
-- server makes them anew where the digest is not that of the record's text.
CREATE TABLE embeddings (
	record_id bigint NOT NULL REFERENCES records ON DELETE CASCADE,
	model text NOT NULL,
	dimensions int NOT NULL CHECK (dimensions > 0),
	digest bytea NOT NULL,
	vector bytea NOT NULL CHECK (octet_length(vector) = 4 * dimensions),
	made_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (model, dimensions, record_id)
);
-- Floats do not shrink by compression: trying costs time only.
ALTER TABLE embeddings ALTER COLUMN vector SET STORAGE EXTERNAL;
CREATE INDEX embeddings_record ON embeddings (record_id);

-- Which of several servers fills them, so that no text is paid for twice.
CREATE TABLE embedding_fillers (
	model text NOT NULL,
	dimensions int NOT NULL,
	holder text NOT NULL,
	until timestamptz NOT NULL,
	PRIMARY KEY (model, dimensions)
);

-- +goose Down
DROP TABLE embedding_fillers;
DROP TABLE embeddings;
