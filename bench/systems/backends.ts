import type { System } from "../system.ts";
import { managed, quorumlock, version } from "./quorumlock.ts";

// What others do not need is loaded when it is opened.

/** Connections of a pool: what both packages have by default. */
const connections = 10;

export const redisQuorum: System = { ...quorumlock, name: "Redis, 5 masters" };

export const postgresql: System = {
  name: "PostgreSQL",
  version,
  async open([url = ""], options) {
    const { Pool } = await import("pg");
    const postgres = await import("../../dist/postgres.js");
    const pool = new Pool({ connectionString: url, max: connections });
    // An idle connection that breaks says so there.
    pool.on("error", () => {});
    await postgres.migrate(pool);
    return managed(postgres.postgresBackend(pool), options);
  },
};

export const mariadb: System = {
  name: "MariaDB",
  version,
  async open([url = ""], options) {
    const { createPool } = await import("mysql2/promise");
    const mysql = await import("../../dist/mysql.js");
    const pool = createPool({ uri: url, connectionLimit: connections });
    await mysql.migrate(pool);
    return managed(mysql.mysqlBackend(pool), options);
  },
};

export const zookeeper: System = {
  name: "ZooKeeper, 3 servers",
  version,
  async open(urls, options) {
    const { zookeeperBackend } = await import("../../dist/zookeeper.js");
    // A ttl is two thirds of the session's time at most.
    const sessionTimeoutMs = Math.ceil(1.5 * options.ttlMs);
    return managed(zookeeperBackend(urls.join(), { sessionTimeoutMs }), options);
  },
};
