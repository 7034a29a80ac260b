/** What a holder says later: that it goes on, and that it is done. */

/**
 * Tells all readers, who can go in together, and of those who wait to be alone the one who has waited
 * longest: if all of them came at once, all but one would come for nothing.
 */
export const tell = `
CREATE OR REPLACE FUNCTION {tell} (p_channel text, p_names text[])
RETURNS void LANGUAGE plpgsql AS $quorumlock$
BEGIN
  IF p_channel = '' THEN RETURN; END IF;
  PERFORM pg_notify(p_channel, 'free ' || name) FROM unnest(p_names) AS w (name);
  PERFORM pg_notify(p_channel, 'next ' || owner) FROM (
    SELECT DISTINCT ON (name) owner FROM {entry}
    WHERE name = ANY (p_names) AND kind IN ('writer', 'waiter') AND until > clock_timestamp()
    ORDER BY name, fencing_token
  ) AS w;
END
$quorumlock$;
`;

/** All resources or none; never shorter than it was, and never again when its time was over. */
export const extend = `
CREATE OR REPLACE FUNCTION {extend} (p_names text[], p_owner text, p_ttl_ms bigint)
RETURNS text LANGUAGE plpgsql AS $quorumlock$
DECLARE
  v_highest bigint := {lockRows}(p_names);
  v_now timestamptz := clock_timestamp();
  v_place bigint;
  v_kind text;
BEGIN
  SELECT w.place, e.kind INTO v_place, v_kind
    FROM unnest(p_names) WITH ORDINALITY AS w (name, place)
    LEFT JOIN {entry} AS e ON e.name = w.name AND e.owner = p_owner AND e.until > v_now
    WHERE e.kind IS NULL OR e.kind NOT IN ('exclusive', 'shared')
    LIMIT 1;
  IF FOUND THEN
    RETURN json_build_object('vote', 'refused', 'place', v_place,
      'reason', CASE v_kind WHEN 'broken' THEN 'broken' ELSE 'missing' END);
  END IF;
  UPDATE {entry} SET until = greatest(until, v_now + p_ttl_ms * interval '1 ms')
    WHERE name = ANY (p_names) AND owner = p_owner;
  RETURN json_build_object('vote', 'granted', 'fencingToken', v_highest);
END
$quorumlock$;
`;

/**
 * Deletes what the owner has. With a tombstone, an acquire of this owner that comes later is refused;
 * without one nothing is written where nothing was.
 */
export const release = `
CREATE OR REPLACE FUNCTION {release} (
  p_names text[], p_owner text, p_tombstone_ms bigint, p_gone text, p_channel text
) RETURNS text LANGUAGE plpgsql AS $quorumlock$
DECLARE
  v_now timestamptz;
  v_highest bigint := {lockRows}(p_names);
  v_place bigint;
  v_kind text;
  v_freed text[];
BEGIN
  v_now := clock_timestamp();
  SELECT w.place, e.kind INTO v_place, v_kind
    FROM unnest(p_names) WITH ORDINALITY AS w (name, place)
    LEFT JOIN {entry} AS e ON e.name = w.name AND e.owner = p_owner AND e.until > v_now
    WHERE e.kind IS NULL OR e.kind NOT IN ('exclusive', 'shared')
    LIMIT 1;
  WITH freed AS (
    DELETE FROM {entry} WHERE name = ANY (p_names)
      AND (owner = p_owner AND kind IN ('exclusive', 'shared') OR owner = p_gone)
    RETURNING name
  ) SELECT array_agg(DISTINCT name) INTO v_freed FROM freed;
  PERFORM {tell}(p_channel, v_freed);
  IF p_tombstone_ms > 0 THEN
    INSERT INTO {entry} (name, owner, kind, until)
      SELECT w.name, p_owner, 'withdrawn', v_now + p_tombstone_ms * interval '1 ms'
      FROM unnest(p_names) AS w (name)
      ON CONFLICT (name, owner) DO UPDATE SET kind = 'withdrawn', until = excluded.until;
  END IF;
  IF v_place IS NOT NULL THEN
    RETURN json_build_object('vote', 'refused', 'place', v_place,
      'reason', CASE v_kind WHEN 'broken' THEN 'broken' ELSE 'missing' END);
  END IF;
  RETURN json_build_object('vote', 'granted', 'fencingToken', 0);
END
$quorumlock$;
`;

/** Breaks those who are named: who came later is not meant. */
export const forceRelease = `
CREATE OR REPLACE FUNCTION {forceRelease} (p_name text, p_owners text[], p_channel text)
RETURNS text LANGUAGE plpgsql AS $quorumlock$
DECLARE
  v_highest bigint := {lockRows}(ARRAY[p_name]);
  v_count integer;
BEGIN
  UPDATE {entry} SET kind = 'broken' WHERE name = p_name AND owner = ANY (p_owners)
    AND kind IN ('exclusive', 'shared') AND until > clock_timestamp();
  GET DIAGNOSTICS v_count = ROW_COUNT;
  IF v_count = 0 THEN
    RETURN json_build_object('vote', 'refused', 'place', 1, 'reason', 'missing');
  END IF;
  DELETE FROM {entry} WHERE name = p_name AND kind = 'writer';
  PERFORM {tell}(p_channel, ARRAY[p_name]);
  RETURN json_build_object('vote', 'granted', 'fencingToken', v_highest);
END
$quorumlock$;
`;
