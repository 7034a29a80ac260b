/**
 * Looks for what is in the way, twice: first without a lock, so that a refusal costs no write; then with the
 * rows locked, when nothing can change any more. The clock is read after the waiting, not before.
 */
export const acquire = `
CREATE OR REPLACE FUNCTION {acquire} (
  p_names text[], p_mode text, p_owner text, p_ttl_ms bigint, p_steal boolean,
  p_client_id text, p_host text, p_pid integer,
  p_waiting text, p_waiting_ms bigint, p_is_told boolean
) RETURNS text LANGUAGE plpgsql AS $quorumlock$
DECLARE
  v_now timestamptz;
  v_highest bigint;
  v_token bigint;
  v_entry {entry};
  v_place bigint;
BEGIN
  FOR v_round IN 1..2 LOOP
    v_now := clock_timestamp();
    SELECT e.*, w.place INTO v_entry.name, v_entry.owner, v_entry.kind, v_entry.until,
        v_entry.fencing_token, v_entry.client_id, v_entry.host, v_entry.pid, v_place
      FROM unnest(p_names) WITH ORDINALITY AS w (name, place) JOIN {entry} AS e ON e.name = w.name
      WHERE e.until > v_now AND CASE e.kind
        WHEN 'exclusive' THEN NOT p_steal AND e.owner <> p_owner
        WHEN 'shared' THEN NOT p_steal AND e.owner <> p_owner AND p_mode = 'exclusive'
        WHEN 'writer' THEN NOT p_steal AND p_mode = 'shared'
        WHEN 'waiter' THEN false
        ELSE e.owner = p_owner
      END
      ORDER BY e.kind IN ('withdrawn', 'broken') DESC, w.place, e.kind = 'writer', e.until DESC
      LIMIT 1;
    EXIT WHEN v_round = 2;
    -- Who comes again leaves a note: to keep new readers out, or to be told. Others leave nothing.
    EXIT WHEN FOUND AND (p_waiting = '' OR v_entry.kind IN ('withdrawn', 'broken')
      OR v_entry.kind = 'exclusive' AND NOT p_is_told
      -- A note that lasts for a while need not be written again.
      OR cardinality(p_names) = (SELECT count(*) FROM {entry} AS e WHERE e.name = ANY (p_names)
        AND e.owner = p_waiting AND e.until > v_now + p_waiting_ms * interval '0.5 ms'
        AND (e.kind = 'writer' OR v_entry.kind = 'exclusive')));
    v_highest := {lockRows}(p_names);
  END LOOP;

  IF v_entry.name IS NOT NULL THEN
    IF v_highest IS NOT NULL AND v_entry.kind IN ('exclusive', 'shared') THEN
      INSERT INTO {entry} (name, owner, kind, until, fencing_token)
        SELECT w.name, p_waiting,
          CASE WHEN EXISTS (SELECT FROM {entry} AS e WHERE e.name = w.name AND e.kind = 'shared'
            AND e.owner <> p_owner AND e.until > v_now) THEN 'writer' ELSE 'waiter' END,
          v_now + p_waiting_ms * interval '1 ms', extract(epoch FROM v_now) * 1000000
        FROM unnest(p_names) AS w (name)
        ON CONFLICT (name, owner) DO UPDATE SET kind = excluded.kind, until = excluded.until;
    END IF;
    RETURN json_build_object(
      'vote', 'refused', 'place', v_place,
      'reason', CASE v_entry.kind
        WHEN 'writer' THEN 'writer-waiting'
        WHEN 'withdrawn' THEN 'withdrawn' WHEN 'broken' THEN 'withdrawn' ELSE 'held' END,
      'freeInMs', ceil(extract(epoch FROM v_entry.until - v_now) * 1000),
      'holder', CASE WHEN v_entry.kind IN ('exclusive', 'shared') THEN json_build_object(
        'owner', v_entry.owner, 'mode', v_entry.kind, 'clientId', v_entry.client_id,
        'host', v_entry.host, 'pid', v_entry.pid) END);
  END IF;

  -- Microseconds since 1970, or one more than ever before: so it grows even if the table is lost.
  v_token := greatest(v_highest + 1, (extract(epoch FROM v_now) * 1000000)::bigint);
  UPDATE {resource} SET fencing_token = v_token WHERE name = ANY (p_names);
  IF p_steal THEN
    UPDATE {entry} SET kind = 'broken' WHERE name = ANY (p_names)
      AND kind IN ('exclusive', 'shared') AND owner <> p_owner;
  END IF;
  DELETE FROM {entry} WHERE name = ANY (p_names)
    AND (until <= v_now OR owner = p_waiting OR p_steal AND kind = 'writer');
  INSERT INTO {entry} (name, owner, kind, until, fencing_token, client_id, host, pid)
    SELECT w.name, p_owner, p_mode, v_now + p_ttl_ms * interval '1 ms', v_token,
      p_client_id, p_host, p_pid
    FROM unnest(p_names) AS w (name)
    ON CONFLICT (name, owner) DO UPDATE
      SET until = greatest({entryName}.until, excluded.until), fencing_token = excluded.fencing_token;
  RETURN json_build_object('vote', 'granted', 'fencingToken', v_token);
END
$quorumlock$;
`;
