-- +goose Up

-- The bytes of attachments, each once. They are packed already, so that compressing
-- them would only take time.
CREATE TABLE files (
  sum     bytea PRIMARY KEY,
  content bytea NOT NULL CHECK (sum = sha256(content)),
  at      timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE files ALTER COLUMN content SET STORAGE EXTERNAL;

-- What somebody has sent in a preview of an import: the originals of the cases that
-- they bring in afterwards. It is gone after a day.
CREATE TABLE uploads (
  viewer text NOT NULL,
  sum    bytea NOT NULL REFERENCES files,
  at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (viewer, sum)
);
CREATE INDEX uploads_sum ON uploads (sum);

-- Photos and original files of cases. They stand beside the case: its versions do not
-- have them. One that was removed keeps its line, with who removed it, and no bytes.
CREATE TABLE attachments (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id    bigint NOT NULL REFERENCES cases ON DELETE CASCADE,
  of         text NOT NULL CHECK (of IN ('PHOTO', 'ORIGINAL')),
  name       text NOT NULL CHECK (name <> ''),
  media_type text NOT NULL,
  bytes      integer NOT NULL CHECK (bytes > 0),
  caption    text CHECK (caption <> ''),
  sum        bytea REFERENCES files,
  added_by   text NOT NULL,
  added_at   timestamptz NOT NULL DEFAULT now(),
  removed_by text,
  removed_at timestamptz,
  CHECK ((removed_at IS NULL) = (sum IS NOT NULL) AND (removed_at IS NULL) = (removed_by IS NULL))
);
CREATE INDEX attachments_case ON attachments (case_id, id);
CREATE INDEX attachments_sum ON attachments (sum);

-- +goose Down
DROP TABLE attachments, uploads, files;
