import type { SqlPool } from "../adapters/sql-pool.ts";
import type { Database } from "../authority.ts";
import type { Recipe } from "./recipe.ts";

const nowMs: Readonly<Record<Database, string>> = {
  postgres: "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
  mariadb: "CAST(unix_timestamp(sysdate(6)) * 1000 AS SIGNED)",
};

/**
 * `SELECT … FOR UPDATE`, then `INSERT`, outside of a transaction: each statement commits by itself, and what
 * the first one locked is free before the second one comes.
 */
export async function selectInsertRecipe(pool: SqlPool): Promise<Recipe> {
  await made(pool, "recipe_select (name varchar(50), owner varchar(50))");
  return {
    hasTtl: false,
    take: async ({ resource, owner }) => {
      const found = await pool.ask("SELECT owner FROM recipe_select WHERE name = ? FOR UPDATE", [
        resource,
      ]);
      if (found.length > 0) return false;
      await pool.ask("INSERT INTO recipe_select VALUES (?, ?)", [resource, owner]);
      return true;
    },
    release: ({ resource, owner }) =>
      pool.ask("DELETE FROM recipe_select WHERE name = ? AND owner = ?", [resource, owner]),
    close: () => pool.end(),
  };
}

/** `DELETE` by the name alone: who comes late releases the lock of somebody else. */
export async function deleteByNameRecipe(pool: SqlPool, database: Database): Promise<Recipe> {
  await made(pool, "recipe_delete (name varchar(50) PRIMARY KEY, until bigint)");
  const now = nowMs[database];
  return {
    hasTtl: true,
    take: async ({ resource, ttlMs }) => {
      await pool.ask(`DELETE FROM recipe_delete WHERE name = ? AND until <= ${now}`, [resource]);
      const inserting = pool.ask(`INSERT INTO recipe_delete VALUES (?, ${now} + ${ttlMs})`, [
        resource,
      ]);
      return inserting.then(
        () => true,
        // The key is there: somebody else has it.
        () => false,
      );
    },
    release: ({ resource }) => pool.ask("DELETE FROM recipe_delete WHERE name = ?", [resource]),
    close: () => pool.end(),
  };
}

async function made(pool: SqlPool, table: string): Promise<void> {
  // Several clients do so at once, and one of them is first.
  await pool.ask(`CREATE TABLE IF NOT EXISTS ${table}`).catch(() => {});
}
