-- +goose Up

-- What an account follows, has read and set stands under its role, committee and name,
-- as of when it was written. Where one of them changes, this takes it along, in the
-- transaction that changes it. What it is writing, has uploaded and asked for goes along
-- (writes) where it writes for the same committee as before: else it stays behind, and
-- is there again when the account is what it was.
-- +goose StatementBegin
CREATE FUNCTION move_account(was text, now_is text, called text, with_role text, of_committee bigint, writes boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF was = now_is THEN
    RETURN;
  END IF;
  UPDATE follows f SET viewer = now_is WHERE viewer = was AND NOT EXISTS (SELECT FROM follows o WHERE o.viewer = now_is
    AND (o.topic_id, o.committee_id, o.region_code, o.query) IS NOT DISTINCT FROM (f.topic_id, f.committee_id, f.region_code, f.query));
  UPDATE notices SET to_viewer = now_is WHERE to_viewer = was;
  UPDATE notice_reads r SET viewer = now_is WHERE viewer = was AND NOT EXISTS (SELECT FROM notice_reads o WHERE o.viewer = now_is AND o.notice_id = r.notice_id);
  INSERT INTO delivery_settings (viewer, name, role, committee_id, email, asked_email, code_hash, code_expires, code_tries, asked_at)
    SELECT now_is, called, with_role, of_committee, email, asked_email, code_hash, code_expires, code_tries, asked_at FROM delivery_settings WHERE viewer = was
    ON CONFLICT (viewer) DO UPDATE SET email = EXCLUDED.email, asked_email = EXCLUDED.asked_email, code_hash = EXCLUDED.code_hash,
      code_expires = EXCLUDED.code_expires, code_tries = EXCLUDED.code_tries, asked_at = EXCLUDED.asked_at;
  INSERT INTO delivery_choices (viewer, of, email, webhook) SELECT now_is, of, email, webhook FROM delivery_choices WHERE viewer = was
    ON CONFLICT (viewer, of) DO UPDATE SET email = EXCLUDED.email, webhook = EXCLUDED.webhook;
  UPDATE deliveries SET viewer = now_is WHERE viewer = was;
  DELETE FROM delivery_settings WHERE viewer = was;
  IF writes THEN
    UPDATE writings w SET viewer = now_is WHERE viewer = was AND NOT EXISTS (SELECT FROM writings o WHERE o.viewer = now_is
      AND (o.of, o.record_id, o.name) = (w.of, w.record_id, w.name));
    UPDATE uploads u SET viewer = now_is WHERE viewer = was AND NOT EXISTS (SELECT FROM uploads o WHERE o.viewer = now_is AND o.sum = u.sum);
    UPDATE idempotency_keys k SET viewer = now_is WHERE viewer = was AND NOT EXISTS (SELECT FROM idempotency_keys o WHERE o.viewer = now_is AND o.key = k.key AND o.field = k.field);
  END IF;
END
$$;
-- +goose StatementEnd

-- What was left behind by accounts whose role has changed before.
-- +goose StatementBegin
DO $$
DECLARE
  t record;
  suffix text;
  other text;
BEGIN
  FOR t IN SELECT name, role, committee_id FROM access_tokens WHERE revoked_at IS NULL AND expires_at > now() LOOP
    suffix := rtrim(translate(encode(convert_to('COMMITTEE:' || coalesce(t.committee_id, 0), 'UTF8'), 'base64'), '+/', '-_'), '=') || ' ' || t.name;
    FOREACH other IN ARRAY ARRAY['READER', 'EDITOR', 'REVIEWER', 'ADMIN'] LOOP
      IF other <> t.role AND (EXISTS (SELECT FROM follows WHERE viewer = other || ' ' || suffix) OR EXISTS (SELECT FROM delivery_settings WHERE viewer = other || ' ' || suffix))
        AND NOT EXISTS (SELECT FROM follows WHERE viewer = t.role || ' ' || suffix) AND NOT EXISTS (SELECT FROM delivery_settings WHERE viewer = t.role || ' ' || suffix) THEN
        PERFORM move_account(other || ' ' || suffix, t.role || ' ' || suffix, t.name, t.role, t.committee_id, false);
      END IF;
    END LOOP;
  END LOOP;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION move_account(text, text, text, text, bigint, boolean);
