/**
 * Locks nothing and writes nothing. A transaction of its own, for a connection that commits nothing by
 * itself would go on seeing what it saw first. JSON_EXTRACT keeps MariaDB from quoting a list.
 */
export const inspect = `
CREATE PROCEDURE {inspect} (p_name longtext CHARACTER SET ascii)
READS SQL DATA SQL SECURITY INVOKER
BEGIN
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  ROLLBACK;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  START TRANSACTION READ ONLY;
  SELECT CAST(json_object(
    'fencingToken',
    coalesce((SELECT fencing_token FROM {resource} WHERE name = unhex(p_name)), 0),
    'holders', json_extract(coalesce((
      SELECT json_arrayagg(json_object(
        'owner', owner, 'mode', kind, 'clientId', client_id,
        'host', convert(host USING utf8mb4), 'pid', pid, 'fencingToken', fencing_token,
        'remainingMs', ceil((until_us - {clock}) / 1000)))
      FROM {entry}
      WHERE name = unhex(p_name) AND kind IN ('exclusive', 'shared') AND until_us > {clock}
    ), '[]'), '$')) AS BINARY) AS answer;
  COMMIT;
END
`;
