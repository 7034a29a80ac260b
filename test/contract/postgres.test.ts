/**
 * Goal: a PostgreSQL database gives locks as every backend does.
 * Method: the contract suites on a server that this file starts and ends: with notices and without, in every
 * isolation level that the callers' pools may have.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lockContract, webLocksContract } from "../../src/testing.ts";
import { isAvailable } from "../fixture/available.ts";
import { postgresKind } from "../fixture/postgres-kind.ts";
import type { SqlServer } from "../fixture/sql.ts";
import { migrated, passes, pooled } from "../fixture/sql-locks.ts";

const told = postgresKind();
const polling = postgresKind({ schema: 'Odd "schema', table: "o'clock", notify: false });
const isInstalled = await isAvailable("PostgreSQL", told.find);
const contract = [...lockContract, ...webLocksContract];

describe.skipIf(!isInstalled)("locks in PostgreSQL", () => {
  let server: SqlServer;
  beforeAll(async () => {
    server = await told.start();
    await migrated(told, server.url);
    await migrated(polling, server.url);
  });
  afterAll(() => server?.close());

  describe("with notices", () => passes(contract, told, () => server.url));

  describe("by polling alone, in a schema with an odd name", () =>
    passes(contract, polling, () => server.url));

  describe.for(["repeatable read", "serializable"])("where transactions are %s", (level) => {
    const setting = `-c default_transaction_isolation=${level.replace(" ", "\\ ")}`;
    const url = (): string => `${server.url}?options=${encodeURIComponent(setting)}`;

    test("which they are", async () => {
      const rows = await pooled(told, url()).rows("SHOW transaction_isolation");
      expect(rows).toEqual([{ transaction_isolation: level }]);
    });

    passes(lockContract, told, url);
  });
});
