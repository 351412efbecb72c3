-- +goose Up

-- A table a noun, each with the head that every record has. What a record
-- itself lists goes with it (ON DELETE CASCADE); what others point at cannot go
-- while they do, so that no removal changes another record behind its back.

CREATE TABLE record_head (
  id         bigint PRIMARY KEY,
  slug       text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
  origin     text NOT NULL CHECK (origin IN ('DOCUMENTED', 'CONTRIBUTED', 'REFERENCE', 'SYNTHETIC')),
  status     text NOT NULL CHECK (status IN ('DRAFT', 'IN_REVIEW', 'PUBLISHED', 'ARCHIVED')),
  version    integer NOT NULL CHECK (version > 0),
  digest     bytea NOT NULL, -- of the input: an import of the same changes nothing
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sources (
  LIKE record_head INCLUDING ALL,
  kind         text NOT NULL DEFAULT 'SOURCE' CHECK (kind = 'SOURCE'),
  title        text NOT NULL CHECK (title <> ''),
  publisher    text,
  published_on partial_date,
  url          text,
  text         text NOT NULL CHECK (text <> '' AND text IS NFC NORMALIZED)
);

CREATE TABLE regions (
  LIKE record_head INCLUDING ALL,
  kind              text NOT NULL DEFAULT 'REGION' CHECK (kind = 'REGION'),
  code              text NOT NULL UNIQUE CHECK (code ~ '^\d{6}$' AND code = slug),
  name              text NOT NULL CHECK (name <> ''),
  alternative_names text[] NOT NULL,
  level             text NOT NULL CHECK (level IN ('PROVINCE', 'PREFECTURE', 'COUNTY')),
  parent_code       text REFERENCES regions (code),
  former_code       text UNIQUE CHECK (former_code ~ '^\d{6}$'),
  CHECK ((level = 'PROVINCE') = (parent_code IS NULL)),
  CHECK (parent_code <> code)
);
CREATE INDEX regions_parent ON regions (parent_code);

CREATE TABLE committees (
  LIKE record_head INCLUDING ALL,
  kind              text NOT NULL DEFAULT 'COMMITTEE' CHECK (kind = 'COMMITTEE'),
  name              text NOT NULL UNIQUE CHECK (name <> ''),
  alternative_names text[] NOT NULL,
  level             text NOT NULL CHECK (level IN ('PROVINCE', 'PREFECTURE', 'COUNTY')),
  region_code       text NOT NULL REFERENCES regions (code),
  parent_id         bigint REFERENCES committees CHECK (parent_id <> id)
);
CREATE INDEX committees_region ON committees (region_code, id);
CREATE INDEX committees_parent ON committees (parent_id);

CREATE TABLE topics (
  LIKE record_head INCLUDING ALL,
  kind      text NOT NULL DEFAULT 'TOPIC' CHECK (kind = 'TOPIC'),
  name      text NOT NULL CHECK (name <> ''),
  parent_id bigint REFERENCES topics CHECK (parent_id <> id),
  UNIQUE NULLS NOT DISTINCT (parent_id, name)
);

CREATE TABLE persons (
  LIKE record_head INCLUDING ALL,
  kind    text NOT NULL DEFAULT 'PERSON' CHECK (kind = 'PERSON'),
  name    text NOT NULL CHECK (name <> ''),
  offices text[] NOT NULL
);

CREATE TABLE brands (
  LIKE record_head INCLUDING ALL,
  kind              text NOT NULL DEFAULT 'BRAND' CHECK (kind = 'BRAND'),
  name              text NOT NULL CHECK (name <> '' AND name IS NFC NORMALIZED),
  alternative_names text[] NOT NULL,
  description       text,
  committee_id      bigint REFERENCES committees,
  region_code       text REFERENCES regions (code),
  parent_id         bigint REFERENCES brands CHECK (parent_id <> id)
);
CREATE INDEX brands_committee ON brands (committee_id);
CREATE INDEX brands_parent ON brands (parent_id);
CREATE INDEX brands_name ON brands (name COLLATE jisi_zh, id);

CREATE TABLE proposals (
  LIKE record_head INCLUDING ALL,
  kind               text NOT NULL DEFAULT 'PROPOSAL' CHECK (kind = 'PROPOSAL'),
  title              text NOT NULL CHECK (title <> '' AND title IS NFC NORMALIZED),
  alternative_titles text[] NOT NULL,
  number             text,
  summary            text,
  addressed_to       text,
  is_key             boolean NOT NULL,
  year               integer CHECK (year BETWEEN 1949 AND 2100),
  resolution         text CHECK (resolution IN ('A', 'B', 'C')),
  satisfaction       text CHECK (satisfaction IN ('SATISFIED', 'BASICALLY_SATISFIED', 'UNSATISFIED'))
);
CREATE INDEX proposals_year ON proposals (coalesce(year, 0), id);

CREATE TABLE cases (
  LIKE record_head INCLUDING ALL,
  kind               text NOT NULL DEFAULT 'CASE' CHECK (kind = 'CASE'),
  title              text NOT NULL CHECK (title <> '' AND title IS NFC NORMALIZED),
  alternative_titles text[] NOT NULL,
  summary            text CHECK (summary IS NFC NORMALIZED),
  background         text CHECK (background IS NFC NORMALIZED),
  approach           text CHECK (approach IS NFC NORMALIZED),
  results            text CHECK (results IS NFC NORMALIZED),
  lessons            text CHECK (lessons IS NFC NORMALIZED),
  year               integer CHECK (year BETWEEN 1949 AND 2100),
  started_on         partial_date,
  ended_on           partial_date,
  level              text NOT NULL CHECK (level IN ('PROVINCE', 'PREFECTURE', 'COUNTY', 'UNSTATED')),
  committee_id       bigint REFERENCES committees,
  region_code        text REFERENCES regions (code),
  brand_id           bigint REFERENCES brands,
  participant_count  integer CHECK (participant_count >= 0),
  meeting_count      integer CHECK (meeting_count >= 0),
  recruitment        text,
  links              jsonb NOT NULL,
  documented_steps   smallint NOT NULL CHECK (documented_steps BETWEEN 0 AND 8), -- how many, to order by
  adoption_count     integer NOT NULL DEFAULT 0, -- kept by count_adoptions, to order by
  starts_on          date GENERATED ALWAYS AS (coalesce(first_day(started_on), make_date(year, 1, 1))) STORED
);
-- An unknown date comes last in both directions, hence the two.
CREATE INDEX cases_newest ON cases (coalesce(starts_on, '-infinity'), id);
CREATE INDEX cases_oldest ON cases (coalesce(starts_on, 'infinity'), id);
CREATE INDEX cases_committee ON cases (committee_id, coalesce(starts_on, '-infinity'), id);
CREATE INDEX cases_brand ON cases (brand_id, coalesce(starts_on, '-infinity'), id);
CREATE INDEX cases_region ON cases (region_code, coalesce(starts_on, '-infinity'), id);
CREATE INDEX cases_published_region ON cases (region_code) WHERE status = 'PUBLISHED'; -- to count by
CREATE INDEX cases_title ON cases (title COLLATE jisi_zh, id);
CREATE INDEX cases_update ON cases (updated_at, id);
CREATE INDEX cases_completeness ON cases (documented_steps, id);
CREATE INDEX cases_adoptions ON cases (adoption_count, id);

CREATE TABLE case_topics (
  case_id  bigint NOT NULL REFERENCES cases ON DELETE CASCADE,
  topic_id bigint NOT NULL REFERENCES topics,
  position smallint NOT NULL,
  PRIMARY KEY (case_id, topic_id)
);
CREATE INDEX case_topics_topic ON case_topics (topic_id, case_id);

CREATE TABLE participants (
  case_id      bigint NOT NULL REFERENCES cases ON DELETE CASCADE,
  position     smallint NOT NULL,
  role         text NOT NULL CHECK (role IN ('CONVENER', 'SERVER', 'RECEIVER', 'STAKEHOLDER', 'EXPERT_OR_PUBLIC')),
  name         text NOT NULL CHECK (name <> ''),
  committee_id bigint REFERENCES committees,
  person_id    bigint REFERENCES persons,
  PRIMARY KEY (case_id, position)
);

-- A step once a case.
CREATE TABLE steps (
  case_id bigint NOT NULL REFERENCES cases ON DELETE CASCADE,
  code    text NOT NULL CHECK (code IN ('ASK_PRIORITY', 'ASK_FITNESS', 'ASSESS_PARTICIPANTS', 'PLAN_INQUIRY',
                                        'FIVE_PARTY_EXCHANGE', 'OUTCOME_FORM', 'OUTCOME_USE', 'OUTCOME_EFFECT')),
  text    text NOT NULL CHECK (text <> ''),
  PRIMARY KEY (case_id, code)
);

CREATE TABLE outcomes (
  record_id   bigint NOT NULL,
  record_kind text NOT NULL CHECK (record_kind IN ('CASE', 'PROPOSAL')),
  position    smallint NOT NULL,
  form        text NOT NULL CHECK (form <> ''),
  used_by     text,
  use         text,
  effect      text,
  status      text NOT NULL CHECK (status IN ('SUBMITTED', 'ENDORSED', 'ADOPTED', 'IMPLEMENTED', 'NOT_ADOPTED')),
  occurred_on partial_date,
  PRIMARY KEY (record_id, position),
  FOREIGN KEY (record_id, record_kind) REFERENCES records (id, kind) ON DELETE CASCADE
);

-- Said on one side, read on both.
CREATE TABLE possibly_same (
  case_id  bigint NOT NULL REFERENCES cases ON DELETE CASCADE,
  other_id bigint NOT NULL REFERENCES cases CHECK (other_id <> case_id),
  PRIMARY KEY (case_id, other_id)
);
CREATE INDEX possibly_same_other ON possibly_same (other_id);

CREATE TABLE case_proposals (
  case_id     bigint NOT NULL REFERENCES cases ON DELETE CASCADE,
  proposal_id bigint NOT NULL REFERENCES proposals,
  PRIMARY KEY (case_id, proposal_id)
);
CREATE INDEX case_proposals_proposal ON case_proposals (proposal_id, case_id);

CREATE TABLE proposal_topics (
  proposal_id bigint NOT NULL REFERENCES proposals ON DELETE CASCADE,
  topic_id    bigint NOT NULL REFERENCES topics,
  position    smallint NOT NULL,
  PRIMARY KEY (proposal_id, topic_id)
);
CREATE INDEX proposal_topics_topic ON proposal_topics (topic_id, proposal_id);

CREATE TABLE proposers (
  proposal_id  bigint NOT NULL REFERENCES proposals ON DELETE CASCADE,
  position     smallint NOT NULL,
  person_id    bigint REFERENCES persons,
  committee_id bigint REFERENCES committees,
  PRIMARY KEY (proposal_id, position),
  CHECK (num_nonnulls(person_id, committee_id) = 1)
);
CREATE INDEX proposers_person ON proposers (person_id, proposal_id);

CREATE TABLE supervisions (
  proposal_id   bigint NOT NULL REFERENCES proposals ON DELETE CASCADE,
  position      smallint NOT NULL,
  supervisor_id bigint REFERENCES persons,
  office        text,
  year          integer CHECK (year BETWEEN 1949 AND 2100),
  visits        integer CHECK (visits >= 0),
  meetings      integer CHECK (meetings >= 0),
  note          text,
  PRIMARY KEY (proposal_id, position),
  CHECK (num_nonnulls(supervisor_id, office) > 0)
);
CREATE INDEX supervisions_supervisor ON supervisions (supervisor_id);

CREATE TABLE undertakers (
  proposal_id bigint NOT NULL REFERENCES proposals ON DELETE CASCADE,
  position    smallint NOT NULL,
  name        text NOT NULL CHECK (name <> ''),
  is_lead     boolean NOT NULL,
  PRIMARY KEY (proposal_id, position)
);

CREATE TABLE proposal_events (
  proposal_id bigint NOT NULL REFERENCES proposals ON DELETE CASCADE,
  position    smallint NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('SUBMITTED', 'FILED', 'ASSIGNED', 'SURVEYED', 'MEETING_HELD', 'ENDORSED',
                                            'REPLIED', 'ADOPTED', 'IMPLEMENTED')),
  occurred_on partial_date,
  note        text,
  person_id   bigint REFERENCES persons,
  PRIMARY KEY (proposal_id, position)
);

CREATE TABLE indicators (
  LIKE record_head INCLUDING ALL,
  kind    text NOT NULL DEFAULT 'INDICATOR' CHECK (kind = 'INDICATOR'),
  subject text NOT NULL CHECK (subject <> ''),
  name    text NOT NULL CHECK (name <> ''),
  value   double precision NOT NULL CHECK (value = value AND abs(value) < 'infinity'),
  unit    text NOT NULL CHECK (unit <> ''),
  as_of   partial_date,
  holds   text CHECK (holds IN ('CASE', 'BRAND', 'LIAISON_STATION', 'CONSULTATION_ROOM'))
);

CREATE TABLE practices (
  LIKE record_head INCLUDING ALL,
  kind    text NOT NULL DEFAULT 'PRACTICE' CHECK (kind = 'PRACTICE'),
  ordinal integer NOT NULL CHECK (ordinal > 0),
  title   text NOT NULL CHECK (title <> '' AND title IS NFC NORMALIZED),
  text    text NOT NULL CHECK (text <> '' AND text IS NFC NORMALIZED)
);

CREATE TABLE practice_mentions (
  practice_id bigint NOT NULL REFERENCES practices ON DELETE CASCADE,
  record_id   bigint NOT NULL,
  record_kind text NOT NULL CHECK (record_kind IN ('CASE', 'BRAND', 'PROPOSAL', 'INDICATOR')),
  position    smallint NOT NULL,
  PRIMARY KEY (practice_id, record_id),
  FOREIGN KEY (record_id, record_kind) REFERENCES records (id, kind)
);

CREATE TABLE evaluations (
  LIKE record_head INCLUDING ALL,
  kind             text NOT NULL DEFAULT 'EVALUATION' CHECK (kind = 'EVALUATION'),
  year             integer NOT NULL CHECK (year BETWEEN 1949 AND 2100),
  department       text NOT NULL CHECK (department <> ''),
  score            double precision CHECK (score = score AND abs(score) < 'infinity'),
  raters           integer CHECK (raters >= 0),
  counts_in_review boolean,
  committee_id     bigint REFERENCES committees,
  UNIQUE NULLS NOT DISTINCT (committee_id, year, department)
);

CREATE TABLE adoptions (
  LIKE record_head INCLUDING ALL,
  kind              text NOT NULL DEFAULT 'ADOPTION' CHECK (kind = 'ADOPTION'),
  case_id           bigint NOT NULL REFERENCES cases,
  adopter_id        bigint NOT NULL REFERENCES committees,
  adopted_on        partial_date,
  changes           text,
  result            text,
  resulting_case_id bigint REFERENCES cases CHECK (resulting_case_id <> case_id)
);
CREATE INDEX adoptions_case ON adoptions (case_id, id);
CREATE INDEX adoptions_adopter ON adoptions (adopter_id, id);
CREATE INDEX adoptions_resulting_case ON adoptions (resulting_case_id);

CREATE TABLE venues (
  LIKE record_head INCLUDING ALL,
  kind         text NOT NULL DEFAULT 'VENUE' CHECK (kind = 'VENUE'),
  type         text NOT NULL CHECK (type IN ('LIAISON_STATION', 'CONSULTATION_ROOM')),
  name         text NOT NULL CHECK (name <> ''),
  committee_id bigint REFERENCES committees,
  region_code  text REFERENCES regions (code),
  address      text
);
CREATE INDEX venues_committee ON venues (committee_id);

-- A quote that stands, to the character, in its source's text at
-- [start_at, end_at), in code points.
CREATE TABLE citations (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  record_id bigint NOT NULL REFERENCES records ON DELETE CASCADE,
  position  smallint NOT NULL,
  source_id bigint NOT NULL REFERENCES sources,
  quote     text NOT NULL CHECK (quote <> ''),
  start_at  integer NOT NULL CHECK (start_at >= 0),
  end_at    integer NOT NULL CHECK (end_at - start_at = char_length(quote)),
  fields    text[] NOT NULL,
  UNIQUE (record_id, position)
);
CREATE INDEX citations_source ON citations (source_id);

-- What a LIKE does not bring: the record's identity, and the revision without
-- which no version may be.
-- +goose StatementBegin
DO $$
DECLARE noun text;
BEGIN
  FOREACH noun IN ARRAY ARRAY['sources', 'regions', 'committees', 'topics', 'persons', 'brands', 'proposals', 'cases',
                              'indicators', 'practices', 'evaluations', 'adoptions', 'venues'] LOOP
    EXECUTE format('ALTER TABLE %I ADD FOREIGN KEY (id, kind) REFERENCES records (id, kind) ON DELETE CASCADE', noun);
    EXECUTE format('ALTER TABLE %I ADD FOREIGN KEY (id, version) REFERENCES revisions (record_id, version) DEFERRABLE INITIALLY DEFERRED', noun);
  END LOOP;
END $$;
-- +goose StatementEnd
DROP TABLE record_head;

-- +goose Down
DROP TABLE citations, venues, adoptions, evaluations, practice_mentions, practices, indicators, proposal_events, undertakers,
  supervisions, proposers, proposal_topics, case_proposals, possibly_same, outcomes, steps, participants, case_topics,
  cases, proposals, brands, persons, topics, committees, regions, sources;
