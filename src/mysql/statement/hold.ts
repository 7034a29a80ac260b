/** What a holder says later: that it goes on, and that it is done. */

const missing = `
    SELECT CAST(json_object('vote', 'refused', 'place', v_missing,
      'reason', IF(v_broken, 'broken', 'missing')) AS BINARY) AS answer;`;

/** Finds the first of the resources that the owner does not hold any more. */
const findMissing = `
  SET v_now = {clock}, v_rest = p_names;
  WHILE v_rest <> '' DO
    {nextName}
    SET v_place = v_place + 1, v_kind = 'missing';
    BEGIN
      DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;
      SELECT kind INTO v_kind FROM {entry}
        WHERE name = v_name AND owner = p_owner AND until_us > v_now;
    END;
    IF v_missing = 0 AND v_kind NOT IN ('exclusive', 'shared') THEN
      SET v_missing = v_place, v_broken = v_kind = 'broken';
    END IF;
  END WHILE;`;

const variables = `
  DECLARE v_rest, v_hex longtext CHARACTER SET ascii;
  DECLARE v_name varbinary(255);
  DECLARE v_now, v_highest bigint;
  DECLARE v_place, v_missing int DEFAULT 0;
  DECLARE v_broken boolean DEFAULT false;
  DECLARE v_kind varchar(10) CHARACTER SET ascii;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;`;

/** All resources or none; never shorter than it was, and never again when its time was over. */
export const extend: string = `
CREATE PROCEDURE {extend} (
  p_names longtext CHARACTER SET ascii, p_owner varchar(190) CHARACTER SET ascii, p_ttl_us bigint
)
MODIFIES SQL DATA SQL SECURITY INVOKER
BEGIN
  ${variables}
  CALL {lockRows}(p_names, v_highest);
  ${findMissing}
  SET v_rest = p_names;
  WHILE v_rest <> '' AND v_missing = 0 DO
    {nextName}
    UPDATE {entry} SET until_us = greatest(until_us, v_now + p_ttl_us)
      WHERE name = v_name AND owner = p_owner;
  END WHILE;
  COMMIT;
  IF v_missing > 0 THEN ${missing}
  ELSE SELECT CAST(json_object('vote', 'granted', 'fencingToken', v_highest) AS BINARY) AS answer;
  END IF;
END
`;

/**
 * Deletes what the owner has. With a tombstone, an acquire of this owner that comes later is refused;
 * without one nothing is written where nothing was.
 */
export const release: string = `
CREATE PROCEDURE {release} (
  p_names longtext CHARACTER SET ascii, p_owner varchar(190) CHARACTER SET ascii,
  p_tombstone_us bigint, p_gone varchar(190) CHARACTER SET ascii
)
MODIFIES SQL DATA SQL SECURITY INVOKER
BEGIN
  ${variables}
  CALL {lockRows}(p_names, v_highest);
  ${findMissing}
  SET v_rest = p_names;
  WHILE v_rest <> '' DO
    {nextName}
    DELETE FROM {entry} WHERE name = v_name
      AND (owner = p_owner AND kind IN ('exclusive', 'shared') OR owner = p_gone);
    IF p_tombstone_us > 0 THEN
      INSERT INTO {entry} (name, owner, kind, until_us)
        VALUES (v_name, p_owner, 'withdrawn', v_now + p_tombstone_us)
        ON DUPLICATE KEY UPDATE kind = 'withdrawn', until_us = v_now + p_tombstone_us;
    END IF;
  END WHILE;
  COMMIT;
  IF v_missing > 0 THEN ${missing}
  ELSE SELECT CAST(json_object('vote', 'granted', 'fencingToken', 0) AS BINARY) AS answer;
  END IF;
END
`;

/** Breaks one of those who hold it: who came later is not meant. */
export const forceRelease: string = `
CREATE PROCEDURE {forceRelease} (
  p_names longtext CHARACTER SET ascii, p_owners longtext CHARACTER SET ascii
)
MODIFIES SQL DATA SQL SECURITY INVOKER
BEGIN
  ${variables}
  CALL {lockRows}(p_names, v_highest);
  SET v_now = {clock}, v_name = unhex(p_names);
  SELECT count(*) INTO v_place FROM {entry} WHERE name = v_name AND until_us > v_now
    AND kind IN ('exclusive', 'shared') AND find_in_set(owner, p_owners) > 0;
  UPDATE {entry} SET kind = 'broken' WHERE name = v_name AND until_us > v_now
    AND kind IN ('exclusive', 'shared') AND find_in_set(owner, p_owners) > 0;
  DELETE FROM {entry} WHERE name = v_name AND kind = 'writer' AND v_place > 0;
  COMMIT;
  IF v_place = 0 THEN SET v_missing = 1; ${missing}
  ELSE SELECT CAST(json_object('vote', 'granted', 'fencingToken', v_highest) AS BINARY) AS answer;
  END IF;
END
`;
