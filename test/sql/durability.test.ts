/**
 * Goal: a database that forgets what it has confirmed does not get to grant locks: after a crash it would grant
 * one that is held.
 * Method: a MariaDB that writes its log once a second, as some are set up to be faster.
 */
import { describe, expect, onTestFinished, test } from "vitest";
import { ConfigurationError } from "../../src/index.ts";
import { isAvailable } from "../fixture/available.ts";
import { findMariadb, startMariadb } from "../../src/masters/mariadb-server.ts";
import { mariadbKind } from "../fixture/mariadb-kind.ts";
import { managed, pooled } from "../fixture/sql-locks.ts";

const isInstalled = await isAvailable("MariaDB", findMariadb);

describe.skipIf(!isInstalled)("a MariaDB that does not write its log at each commit", () => {
  test("is refused, and says what to set; what is held already can be given back", async () => {
    const server = await startMariadb({ flush: 1 });
    onTestFinished(() => server.close());
    const pool = pooled(mariadbKind(), server.url);
    await pool.migrate();
    const locks = managed(pool);
    const lock = await locks.acquire("r");
    await pool.rows("SET GLOBAL innodb_flush_log_at_trx_commit = 0");
    const error = await locks.acquire("s").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toContain("innodb_flush_log_at_trx_commit");
    await lock.extend();
    expect(await lock.release()).toBe(true);
  });
});
