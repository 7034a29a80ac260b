import type { Trouble } from "../sql/connection-pool.ts";
import { codeOf } from "../sql/database.ts";

/** https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html, and MariaDB's own. */
const conflicts = new Set([
  "ER_LOCK_DEADLOCK",
  "ER_LOCK_WAIT_TIMEOUT",
  "ER_CHECKREAD", // the record has changed since it was last read
]);

const broken = new Set([
  ...["PROTOCOL_CONNECTION_LOST", "ECONNRESET", "EPIPE", "ECONNABORTED"],
  ...["ER_SERVER_SHUTDOWN", "ER_CONNECTION_KILLED", "ER_CLIENT_INTERACTION_TIMEOUT"],
]);

/** Names that are not there, no permission, no login, a log that does not keep what is written. */
const misconfigured = new RegExp(
  "^ER_(NO_SUCH_TABLE|SP_DOES_NOT_EXIST|SP_WRONG_NO_OF_ARGS|BAD_DB_ERROR|NO_DB_ERROR|BAD_FIELD_ERROR" +
    "|\\w*ACCESS_DENIED\\w*|BINLOG_\\w+|SIGNAL_EXCEPTION)$",
);

const isMissing = /^ER_(NO_SUCH_TABLE|SP_DOES_NOT_EXIST)$/;

/** What `mysql2` says of a connection that is gone, or is going, has no code. */
const goneInWords = /closed state|Connection lost|connection (was )?(closed|killed)/i;
const endedInWords = /Pool is closed/;

/** MariaDB says so with numbers that `mysql2` has no word for. */
const killedNumber = 1927;

/** What an error of `mysql2`, MySQL or MariaDB means for what was asked. */
export function troubleOf(error: unknown): Trouble {
  const message = error instanceof Error ? error.message : "";
  if (endedInWords.test(message)) return "misconfigured";
  const code = codeOf(error) ?? "";
  if (conflicts.has(code)) return "conflict";
  if (broken.has(code) || numberOf(error) === killedNumber) return "broken";
  if (misconfigured.test(code)) return "misconfigured";
  return goneInWords.test(message) ? "broken" : "unknown";
}

/** What a human can do about it. */
export function adviceOn(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!isMissing.test(codeOf(error) ?? "")) return message;
  return `${message}. Call migrate(pool) of quorumlock/mysql once, with the same database and table.`;
}

export function numberOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "errno" in error ? error.errno : undefined;
}
