import { chmod } from "node:fs/promises";
import { dirname } from "node:path";
import { startMariadb } from "../../masters/mariadb-server.ts";
import { startPostgres } from "../../masters/postgres-server.ts";
import { shiftedClock } from "../../masters/shifted-clock.ts";
import { openPool } from "../adapters/sql-pool.ts";
import type { Database } from "../authority.ts";
import { ownBuild } from "../systems/patched-build.ts";
import { AuthorityNode } from "./authority-node.ts";
import { seenBy } from "./look.ts";
import { NodeClock } from "./node-clock.ts";
import type { NodesOptions } from "./start-nodes.ts";

const startDatabase = { postgres: startPostgres, mariadb: startMariadb };

/** One database, with the tables of this library. */
export async function startDatabaseNode(
  database: Database,
  { journal, hasClock, peers, resources }: NodesOptions,
): Promise<AuthorityNode> {
  const clock = hasClock ? await databaseClock() : undefined;
  try {
    const server = await startDatabase[database]({ environment: clock?.environment ?? {} });
    const { port, origin, close } = server;
    const url = `${database}://127.0.0.1:${port}`;
    const pool = await openPool(database, { url, peers });
    try {
      await pool.migrate(ownBuild);
    } catch (error) {
      await pool.end();
      await close();
      throw error;
    }
    journal.begin();
    const look = await pool.backend(ownBuild, {});
    return new AuthorityNode({
      ...{ name: "node 1", journal, clock },
      server: {
        ...server,
        ...{ url, origin },
        leftovers: () => seenBy(look, "node 1", resources),
        close: async () => {
          await look.close();
          await pool.end();
          await close();
        },
      },
    });
  } catch (error) {
    await clock?.close();
    throw error;
  }
}

async function databaseClock(): Promise<NodeClock> {
  const clock = await shiftedClock();
  // Database servers run as somebody else.
  await chmod(dirname(clock.path), 0o755);
  return new NodeClock(clock);
}
