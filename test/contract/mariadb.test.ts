/**
 * Goal: a MariaDB database gives locks as every backend does.
 * Method: the contract suites on a server that this file starts and ends, with every setting of the callers' pools
 * that could change what statements do or what their answers look like.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lockContract, webLocksContract } from "../../src/testing.ts";
import { isAvailable } from "../fixture/available.ts";
import { mariadbKind } from "../fixture/mariadb-kind.ts";
import type { SqlServer } from "../fixture/sql.ts";
import { migrated, passes, pooled } from "../fixture/sql-locks.ts";

const usual = mariadbKind();
const isInstalled = await isAvailable("MariaDB", usual.find);

describe.skipIf(!isInstalled)("locks in MariaDB", () => {
  let server: SqlServer;
  const url = (): string => server.url;
  beforeAll(async () => {
    server = await usual.start();
    await migrated(usual, server.url);
  });
  afterAll(() => server?.close());

  describe("through a pool as it is by default", () =>
    passes([...lockContract, ...webLocksContract], usual, url));

  describe("where an UPDATE that changes nothing counts nothing, and rows are lists", () =>
    passes(lockContract, mariadbKind({ flags: ["-FOUND_ROWS"], rowsAsArray: true }), url));

  describe("where numbers are strings and everything is Latin", () =>
    passes(
      lockContract,
      mariadbKind({ charset: "latin1", supportBigNumbers: true, bigNumberStrings: true }),
      url,
    ));

  describe.for(["READ UNCOMMITTED", "REPEATABLE READ", "SERIALIZABLE"])(
    "where transactions are %s",
    (level) => {
      const kind = mariadbKind({}, `SET SESSION TRANSACTION ISOLATION LEVEL ${level}`);

      test("which they are, and stay", async () => {
        const pool = pooled(kind, url(), 1);
        const backend = pool.backend();
        await backend.inspect("r");
        const [row] = await pool.rows("SELECT @@tx_isolation AS level");
        expect(row).toEqual({ level: level.replace(" ", "-") });
      });

      passes(lockContract, kind, url);
    },
  );

  describe("where nothing is committed by itself, in a zone with summer time", () =>
    passes(lockContract, mariadbKind({}, "SET autocommit = 0, time_zone = '-03:30'"), url));
});
