import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { findZooKeeper, prepareEnsemble } from "../../src/masters/ensemble.ts";
import { findMariadb, startMariadb } from "../../src/masters/mariadb-server.ts";
import { findPostgres, startPostgres } from "../../src/masters/postgres-server.ts";
import { mariadb, postgresql, redisQuorum, zookeeper } from "../systems/backends.ts";
import type { System } from "../system.ts";
import { ownMasters } from "./own-masters.ts";

/** What grants locks: real servers of our own. */
export interface Authority extends AsyncDisposable {
  readonly urls: readonly string[];
  /** As the server says it. */
  readonly version: string;
  /** Kills one server, the one that matters most; a single one is started again at once. */
  readonly crash: () => Promise<void>;
}

export interface AuthorityKind {
  readonly system: System;
  /** `undefined` when it is not on this machine. */
  readonly find: () => Promise<unknown>;
  readonly start: () => Promise<Authority>;
  /** What `crash` does, in words. */
  readonly crashing: string;
}

/** None of them waits for the disk: what that takes differs more from machine to machine than all else. */
export const authorities: readonly AuthorityKind[] = [
  {
    system: redisQuorum,
    find: () => Promise.resolve(true),
    crashing: "one of five masters killed",
    async start() {
      const masters = await ownMasters(5);
      return {
        ...{ urls: masters.urls, version: masters.origin },
        crash: async () => masters.all[0]?.kill(),
        [Symbol.asyncDispose]: () => masters.close(),
      };
    },
  },
  {
    system: postgresql,
    find: findPostgres,
    crashing: "the server killed and started again at once",
    async start() {
      const server = await startPostgres();
      const client = new Client({ connectionString: server.url });
      await client.connect();
      const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
      await client.end();
      return { ...server, urls: [server.url], version: first(rows), crash: restarts(server) };
    },
  },
  {
    system: mariadb,
    find: findMariadb,
    crashing: "the server killed and started again at once",
    async start() {
      const server = await startMariadb();
      const connection = await createConnection(server.url);
      const [rows] = await connection.query("SELECT version()");
      await connection.end();
      const version = first(rows as Record<string, unknown>[]);
      return { ...server, urls: [server.url], version, crash: restarts(server) };
    },
  },
  {
    system: zookeeper,
    find: findZooKeeper,
    crashing: "the leader of three killed",
    start: startEnsemble,
  },
];

async function startEnsemble(): Promise<Authority> {
  const { servers, close } = await prepareEnsemble();
  try {
    await Promise.all(servers.map((server) => server.start()));
    await Promise.all(servers.map((server) => server.serves()));
  } catch (error) {
    await close();
    throw error;
  }
  const said = (await servers[0]?.ask("srvr")) ?? "";
  return {
    urls: servers.map(({ name }) => name),
    version: /version: ([\d.]+)/.exec(said)?.[1] ?? "unknown",
    crash: async () => {
      for (const server of servers) if ((await server.mode()) === "leader") return server.kill();
      throw new Error("the ensemble has no leader");
    },
    [Symbol.asyncDispose]: close,
  };
}

function first(rows: readonly Readonly<Record<string, unknown>>[]): string {
  return String(Object.values(rows[0] ?? {})[0]).split(" ")[0] ?? "";
}

function restarts(server: {
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
}): () => Promise<void> {
  return async () => {
    await server.kill();
    await server.start();
  };
}
