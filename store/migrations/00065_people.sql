-- +goose Up

-- Who entered a person that no source names.
ALTER TABLE persons ADD COLUMN committee_id bigint REFERENCES committees;
CREATE INDEX persons_committee ON persons (committee_id);
CREATE INDEX persons_name ON persons (name COLLATE jisi_zh, id);

-- The cases in which a person took part.
CREATE INDEX participants_person ON participants (person_id, case_id);

-- Each visit, meeting or instruction of a supervision.
CREATE TABLE supervision_entries (
  proposal_id bigint NOT NULL,
  supervision smallint NOT NULL,
  position    smallint NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('SURVEY', 'MEETING', 'INSTRUCTION', 'OTHER')),
  occurred_on partial_date,
  note        text CHECK (note <> ''),
  PRIMARY KEY (proposal_id, supervision, position),
  FOREIGN KEY (proposal_id, supervision) REFERENCES supervisions (proposal_id, position) ON DELETE CASCADE
);

CREATE TABLE supervision_entry_persons (
  proposal_id bigint NOT NULL,
  supervision smallint NOT NULL,
  entry       smallint NOT NULL,
  position    smallint NOT NULL,
  person_id   bigint NOT NULL REFERENCES persons,
  PRIMARY KEY (proposal_id, supervision, entry, person_id),
  FOREIGN KEY (proposal_id, supervision, entry) REFERENCES supervision_entries (proposal_id, supervision, position) ON DELETE CASCADE
);
CREATE INDEX supervision_entry_persons_person ON supervision_entry_persons (person_id);
CREATE INDEX proposal_events_kind ON proposal_events (kind, proposal_id);

-- +goose Down
DROP INDEX proposal_events_kind;
DROP TABLE supervision_entry_persons, supervision_entries;
DROP INDEX participants_person;
DROP INDEX persons_name;
ALTER TABLE persons DROP COLUMN committee_id;
