/** A row of the first table is what everybody locks who changes something about a resource. */
export const resourceTable = `
CREATE TABLE IF NOT EXISTS {resource} (
  name varbinary(255) NOT NULL PRIMARY KEY,
  -- The highest that was granted, for good: it does not end with the lock.
  fencing_token bigint NOT NULL DEFAULT 0
) ENGINE = InnoDB
`;

/** Who holds it, and notes: who came too late, was robbed, or waits to write. */
export const entryTable = `
CREATE TABLE IF NOT EXISTS {entry} (
  name varbinary(255) NOT NULL,
  owner varchar(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- Microseconds since 1970, by the clock of the database. Until then it counts.
  until_us bigint NOT NULL,
  fencing_token bigint NOT NULL DEFAULT 0,
  client_id varchar(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  host varbinary(255) NOT NULL DEFAULT '',
  pid bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (name, owner)
) ENGINE = InnoDB
`;

/** The time of day, whatever the time zone and its summer time. In a procedure it is read by each line. */
export const clock = "timestampdiff(MICROSECOND, '1970-01-01', utc_timestamp(6))";

/** The first of the names that are left, and the rest. */
export const nextName = `
    SET v_hex = substring_index(v_rest, ',', 1);
    SET v_rest = substring(v_rest, char_length(v_hex) + 2);
    SET v_name = unhex(v_hex);`;

/**
 * Begins a transaction and locks the rows of all resources, in the order in which they are given: that of
 * their bytes, so that no two wait for each other. ON DUPLICATE KEY locks for writing at once; INSERT IGNORE
 * would lock for reading first, and two that do so stand in each other's way.
 */
export const lockRows = `
CREATE PROCEDURE {lockRows} (IN p_names longtext CHARACTER SET ascii, OUT p_highest bigint)
MODIFIES SQL DATA SQL SECURITY INVOKER
BEGIN
  DECLARE v_rest, v_hex longtext CHARACTER SET ascii;
  DECLARE v_name varbinary(255);
  DECLARE v_token bigint;
  -- Every read is to see what others have committed meanwhile. For this transaction alone.
  ROLLBACK;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  START TRANSACTION;
  SET p_highest = 0, v_rest = p_names;
  WHILE v_rest <> '' DO
    {nextName}
    INSERT INTO {resource} (name) VALUES (v_name) ON DUPLICATE KEY UPDATE name = v_name;
    SELECT fencing_token INTO v_token FROM {resource} WHERE name = v_name FOR UPDATE;
    SET p_highest = greatest(p_highest, v_token);
  END WHILE;
END
`;
