/**
 * Looks for what is in the way, twice: first without a lock, so that a refusal costs no write; then with the
 * rows locked, when nothing can change any more. The clock is read after the waiting, not before.
 */
export const acquire = `
CREATE PROCEDURE {acquire} (
  p_names longtext CHARACTER SET ascii,
  p_mode varchar(10) CHARACTER SET ascii, p_owner varchar(190) CHARACTER SET ascii,
  p_ttl_us bigint, p_steal boolean, p_client_id varchar(190) CHARACTER SET ascii,
  p_host varbinary(510), p_pid bigint,
  p_writer varchar(190) CHARACTER SET ascii, p_writer_us bigint
)
MODIFIES SQL DATA SQL SECURITY INVOKER
BEGIN
  DECLARE v_rest, v_hex longtext CHARACTER SET ascii;
  DECLARE v_name varbinary(255);
  DECLARE v_now, v_token, v_until, v_pid bigint;
  DECLARE v_highest bigint DEFAULT NULL;
  DECLARE v_round, v_place int DEFAULT 0;
  DECLARE v_kind varchar(10) CHARACTER SET ascii;
  DECLARE v_owner, v_client_id varchar(190) CHARACTER SET ascii;
  DECLARE v_host varbinary(255);
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;

  IF @@innodb_flush_log_at_trx_commit = 0 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
      'innodb_flush_log_at_trx_commit is 0: a crash would forget who holds a lock. Set it to 1';
  END IF;
  search: WHILE v_round < 2 DO
    SET v_round = v_round + 1;
    IF v_round = 2 THEN CALL {lockRows}(p_names, v_highest); END IF;
    SET v_now = {clock}, v_kind = NULL, v_place = 0, v_rest = p_names;
    WHILE v_rest <> '' AND v_kind IS NULL DO
      {nextName}
      SET v_place = v_place + 1;
      BEGIN
        DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;
        SELECT e.kind, e.owner, e.until_us, e.client_id, e.host, e.pid
          INTO v_kind, v_owner, v_until, v_client_id, v_host, v_pid
          FROM {entry} AS e
          WHERE e.name = v_name AND e.until_us > v_now AND CASE e.kind
            WHEN 'exclusive' THEN NOT p_steal AND e.owner <> p_owner
            WHEN 'shared' THEN NOT p_steal AND e.owner <> p_owner AND p_mode = 'exclusive'
            WHEN 'writer' THEN NOT p_steal AND p_mode = 'shared'
            ELSE e.owner = p_owner
          END
          ORDER BY e.kind IN ('withdrawn', 'broken') DESC, e.kind = 'writer', e.until_us DESC
          LIMIT 1;
      END;
    END WHILE;
    -- A writer that waits for readers leaves a note; everybody else who is refused leaves nothing.
    IF v_kind IS NOT NULL AND NOT (v_kind = 'shared' AND p_writer <> '') THEN LEAVE search; END IF;
  END WHILE;

  SET v_rest = p_names;
  IF v_kind IS NULL THEN
    -- Microseconds since 1970, or one more than ever before: so it grows even if the table is lost.
    SET v_token = greatest(v_highest + 1, v_now);
    WHILE v_rest <> '' DO
      {nextName}
      UPDATE {resource} SET fencing_token = v_token WHERE name = v_name;
      IF p_steal THEN
        UPDATE {entry} SET kind = 'broken'
          WHERE name = v_name AND kind IN ('exclusive', 'shared') AND owner <> p_owner;
      END IF;
      DELETE FROM {entry} WHERE name = v_name
        AND (until_us <= v_now OR owner = p_writer OR p_steal AND kind = 'writer');
      INSERT INTO {entry} (name, owner, kind, until_us, fencing_token, client_id, host, pid)
        VALUES (v_name, p_owner, p_mode, v_now + p_ttl_us, v_token,
          p_client_id, left(unhex(p_host), 255), p_pid)
        ON DUPLICATE KEY UPDATE until_us = greatest(until_us, v_now + p_ttl_us),
          fencing_token = v_token;
    END WHILE;
  ELSEIF v_round = 2 AND v_kind = 'shared' THEN
    WHILE v_rest <> '' DO
      {nextName}
      IF EXISTS (SELECT 1 FROM {entry} WHERE name = v_name AND kind = 'shared'
          AND owner <> p_owner AND until_us > v_now) THEN
        INSERT INTO {entry} (name, owner, kind, until_us)
          VALUES (v_name, p_writer, 'writer', v_now + p_writer_us)
          ON DUPLICATE KEY UPDATE until_us = v_now + p_writer_us;
      END IF;
    END WHILE;
  END IF;
  COMMIT;

  IF v_kind IS NULL THEN
    SELECT CAST(json_object('vote', 'granted', 'fencingToken', v_token) AS BINARY) AS answer;
  ELSEIF v_kind IN ('exclusive', 'shared') THEN
    SELECT CAST(json_object('vote', 'refused', 'place', v_place, 'reason', 'held',
      'freeInMs', ceil((v_until - v_now) / 1000), 'holder', json_object(
        'owner', v_owner, 'mode', v_kind, 'clientId', v_client_id,
        'host', convert(v_host USING utf8mb4), 'pid', v_pid)) AS BINARY) AS answer;
  ELSE
    SELECT CAST(json_object('vote', 'refused', 'place', v_place,
      'reason', IF(v_kind = 'writer', 'writer-waiting', 'withdrawn'),
      'freeInMs', ceil((v_until - v_now) / 1000)) AS BINARY) AS answer;
  END IF;
END
`;
