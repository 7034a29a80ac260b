import { setTimeout as pause } from "node:timers/promises";
import type { Database } from "../authority.ts";
import type { ClientOrders } from "../client/message.ts";
import type { Recipe } from "../recipes/recipe.ts";
import { delRecipe, setnxRecipe } from "../recipes/redis-recipes.ts";
import { deleteByNameRecipe, selectInsertRecipe } from "../recipes/sql-recipes.ts";
import { znodeRecipe } from "../recipes/znode-recipes.ts";
import { hostOf } from "./backend.ts";
import type { FullWish, Notes } from "./lock-client.ts";
import type { PeerClient, PeerLock } from "./observed.ts";
import { openPool, type SqlPool } from "./sql-pool.ts";

const longestRetryMs = 50;
/** Until it is released: longer than any run. */
const foreverMs = 1e9;

export type RecipeName =
  "setnx" | "del" | "select-insert" | "delete-by-name" | "znode" | "persistent-znode";

interface Place {
  readonly url: string;
  readonly pool: () => Promise<SqlPool>;
  readonly database: Database;
}

const opening: Readonly<Record<RecipeName, (place: Place) => Recipe | Promise<Recipe>>> = {
  setnx: ({ url }) => setnxRecipe(url),
  del: ({ url }) => delRecipe(url),
  "select-insert": async ({ pool }) => selectInsertRecipe(await pool()),
  "delete-by-name": async ({ pool, database }) => deleteByNameRecipe(await pool(), database),
  znode: ({ url }) => znodeRecipe(hostOf(url), true),
  "persistent-znode": ({ url }) => znodeRecipe(hostOf(url), false),
};

/** The recipe that the settings name, on the first of the servers. */
export async function openRecipe(orders: ClientOrders, { now }: Notes): Promise<PeerClient> {
  const { settings, authority, urls, peers, name } = orders;
  const [url = ""] = urls;
  const database = authority as Database;
  const pool = (): Promise<SqlPool> => openPool(database, { url, peers });
  const open = opening[settings["recipe"] as RecipeName];
  const recipe = await open({ url, pool, database });
  let count = 0;
  const owner = (): string => `${name}.${process.pid}.${count++}`;
  return {
    acquire: (wish) => acquire(recipe, wish, { now, owner }),
    close: async () => void (await recipe.close()),
  };
}

interface Asking {
  readonly now: () => number;
  readonly owner: () => string;
}

/** Asks again and again until the time is over. */
async function acquire(
  recipe: Recipe,
  { resources: [resource = ""], ttlMs, waitMs }: FullWish,
  { now, owner }: Asking,
): Promise<PeerLock> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const startedAt = now();
    const wish = { resource, ttlMs, owner: owner() };
    if (await recipe.take(wish)) {
      let until = recipe.hasTtl ? startedAt + ttlMs : now() + foreverMs;
      return {
        validUntil: () => until,
        isHeld: () => now() < until,
        extend: () => Promise.reject(new Error("this recipe extends nothing")),
        release: () => {
          until = 0;
          return recipe.release(wish);
        },
      };
    }
    if (performance.now() > deadline) throw new Error("somebody else had it");
    await pause(Math.random() * longestRetryMs);
  }
}
