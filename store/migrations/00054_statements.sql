-- +goose Up

-- What one who took part said. Of a participant there was only the name.
ALTER TABLE participants ADD COLUMN statement text CHECK (statement <> '');

-- +goose Down
ALTER TABLE participants DROP COLUMN statement;
