/** A statement of its own: it locks nothing and writes nothing. JSON_EXTRACT keeps MariaDB from quoting a list. */
export const inspect = `
SELECT CAST(json_object(
  'fencingToken', coalesce((SELECT fencing_token FROM {resource} WHERE name = unhex({key})), 0),
  'holders', json_extract(coalesce((
    SELECT json_arrayagg(json_object(
      'owner', owner, 'mode', kind, 'clientId', client_id,
      'host', convert(host USING utf8mb4), 'pid', pid, 'fencingToken', fencing_token,
      'remainingMs', ceil((until_us - {clock}) / 1000)))
    FROM {entry}
    WHERE name = unhex({key}) AND kind IN ('exclusive', 'shared') AND until_us > {clock}
  ), '[]'), '$')) AS BINARY) AS answer`;
