/**
 * Goal: a PostgreSQL database gives locks as every backend does.
 * Method: the contract suites on a server that this file starts and ends, told and not told, in every isolation level.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lockContract, webLocksContract } from "../../src/testing.ts";
import { isAvailable } from "../fixture/available.ts";
import { named } from "../fixture/named.ts";
import { findPostgres, startPostgres } from "../fixture/postgres.ts";
import { migrated, postgresLocks, readyPools } from "../fixture/postgres-locks.ts";

const isInstalled = await isAvailable("PostgreSQL", findPostgres);
const all = named([...lockContract, ...webLocksContract]);

describe.skipIf(!isInstalled)("locks in PostgreSQL", () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  beforeAll(async () => {
    server = await startPostgres();
    await migrated(server.url);
    await migrated(server.url, { schema: 'Odd "schema', table: "o'clock" });
  });
  afterAll(() => server?.close());

  /** The suite on pools of its own. */
  function passes(
    cases: typeof all,
    url: () => string,
    options: Parameters<typeof postgresLocks>[1] = {},
  ): void {
    let pools: Awaited<ReturnType<typeof readyPools>>;
    beforeAll(async () => void (pools = await readyPools(url())));
    afterAll(() => Promise.all(pools.map((pool) => pool.end())));
    test.for(cases)("%s", async ([, check]) => {
      const locks = postgresLocks(url(), options, pools);
      await expect(check(locks)).resolves.toBeUndefined();
      await locks.close();
    });
  }

  describe("with notices", () => passes(all, () => server.url));

  describe("by polling alone, in a schema with an odd name", () =>
    passes(all, () => server.url, { schema: 'Odd "schema', table: "o'clock", notify: false }));

  describe.for(["repeatable read", "serializable"])("where transactions are %s", (level) => {
    const strict = `-c default_transaction_isolation=${level.replace(" ", "\\ ")}`;
    passes(named(lockContract), () => `${server.url}?options=${encodeURIComponent(strict)}`);
  });
});
