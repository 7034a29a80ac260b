/** A row of the first table is what everybody locks who changes something about a resource. */
export const tables = `
CREATE TABLE IF NOT EXISTS {resource} (
  name text COLLATE "C" PRIMARY KEY,
  -- The highest that was granted, for good: it does not end with the lock.
  fencing_token bigint NOT NULL DEFAULT 0
);

-- Who holds it, and notes: who came too late, was robbed, or waits: a writer for readers, or anybody
-- for an exclusive holder. Each counts until its time is over. The number of a note is its age.
CREATE TABLE IF NOT EXISTS {entry} (
  name text COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  kind text NOT NULL
    CHECK (kind IN ('exclusive', 'shared', 'withdrawn', 'broken', 'writer', 'waiter')),
  until timestamptz NOT NULL,
  fencing_token bigint NOT NULL DEFAULT 0,
  client_id text NOT NULL DEFAULT '',
  host text NOT NULL DEFAULT '',
  pid integer NOT NULL DEFAULT 0,
  PRIMARY KEY (name, owner)
);
`;

/**
 * Locks the rows of all resources, in one order for everybody, so that no two wait for each other. Rows that
 * are not there yet are inserted before, in the same order, when nothing is locked yet.
 */
export const lockRows = `
CREATE OR REPLACE FUNCTION {lockRows} (p_names text[])
RETURNS bigint LANGUAGE plpgsql AS $quorumlock$
DECLARE
  v_highest bigint;
  v_count integer;
BEGIN
  -- What was answered must not be forgotten by a crash. For this transaction alone.
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  INSERT INTO {resource} (name)
    SELECT w.name FROM unnest(p_names) AS w (name)
    WHERE NOT EXISTS (SELECT FROM {resource} AS r WHERE r.name = w.name)
    ORDER BY w.name COLLATE "C"
    ON CONFLICT DO NOTHING;
  SELECT max(r.fencing_token), count(*) INTO v_highest, v_count FROM (
    SELECT fencing_token FROM {resource} WHERE name = ANY (p_names) ORDER BY name FOR UPDATE
  ) AS r;
  IF v_count < cardinality(p_names) THEN
    RAISE EXCEPTION 'a row was deleted meanwhile' USING ERRCODE = 'serialization_failure';
  END IF;
  -- A snapshot that is older than the lock must not be believed: writing the row makes it fail.
  IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
    UPDATE {resource} SET fencing_token = fencing_token WHERE name = ANY (p_names);
  END IF;
  RETURN v_highest;
END
$quorumlock$;
`;
