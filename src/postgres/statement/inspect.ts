/** Locks nothing and writes nothing. */
export const inspect = `
CREATE OR REPLACE FUNCTION {inspect} (p_name text)
RETURNS text LANGUAGE plpgsql STABLE AS $quorumlock$
DECLARE
  v_now timestamptz := clock_timestamp();
BEGIN
  RETURN json_build_object(
    'fencingToken', coalesce((SELECT fencing_token FROM {resource} WHERE name = p_name), 0),
    'holders', coalesce((
      SELECT json_agg(json_build_object(
        'owner', owner, 'mode', kind, 'clientId', client_id, 'host', host, 'pid', pid,
        'fencingToken', fencing_token,
        'remainingMs', ceil(extract(epoch FROM until - v_now) * 1000)) ORDER BY fencing_token)
      FROM {entry} WHERE name = p_name AND kind IN ('exclusive', 'shared') AND until > v_now),
      '[]'));
END
$quorumlock$;
`;
