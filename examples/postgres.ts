/** The lock in the PostgreSQL that you have already. */
import { Pool } from "pg";
import { LockManager } from "quorumlock";
import { migrate, postgresBackend } from "quorumlock/postgres";

const pool = new Pool({ connectionString: process.env["DATABASE_URL"] });
// Once, where you migrate the rest. Any number of processes may do it at the same time.
await migrate(pool);

const locks = new LockManager(postgresBackend(pool));
await locks.request("invoice:42", async (lock) => {
  // What the lock protects refuses smaller tokens than it has seen: docs/GUARANTEES.md.
  const { holders } = await locks.inspect("invoice:42");
  console.log(lock.held, holders[0]?.fencingToken === lock.fencingToken);
});
// It closes what it opened itself; the pool is yours.
await locks.close();
await pool.end();
