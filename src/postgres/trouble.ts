import type { Trouble } from "../sql/connection-pool.ts";
import { codeOf } from "../sql/database.ts";

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const conflicts = new Set([
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "55P03", // lock_not_available: a lock_timeout of the caller's
]);

/** The server is shutting down, or the connection was ended by somebody. */
const broken = /^(08|57P0[125]|ECONNRESET|EPIPE|ECONNABORTED)/;

/** Names that are not there, no permission, no login, text that the database cannot keep. */
const misconfigured = /^(42|3F000|3D000|28|22P05|22021)/;

/** What `pg` says of a connection that is gone has no code. */
const goneInWords = /Connection terminated|connection error and is not queryable|Client was closed/;
const endedInWords = /Cannot use a pool after calling end/;

/** What an error of `pg` or PostgreSQL means for what was asked. */
export function troubleOf(error: unknown): Trouble {
  const code = codeOf(error);
  if (code === undefined) {
    const message = error instanceof Error ? error.message : "";
    if (endedInWords.test(message)) return "misconfigured";
    return goneInWords.test(message) ? "broken" : "unknown";
  }
  if (conflicts.has(code)) return "conflict";
  if (broken.test(code)) return "broken";
  return misconfigured.test(code) ? "misconfigured" : "unknown";
}

/** What a human can do about it. */
export function adviceOn(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const isMissing = /^(42P01|42883|3F000)/.test(codeOf(error) ?? "");
  if (!isMissing) return message;
  return `${message}. Call migrate(pool) of quorumlock/postgres once, with the same schema and table.`;
}
