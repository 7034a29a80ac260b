import { Redis } from "ioredis";
import type { Recipe } from "./recipe.ts";

/** `SETNX` without a ttl: whoever dies keeps the others out for ever. */
export function setnxRecipe(url: string): Recipe {
  const client = connected(url);
  return {
    hasTtl: false,
    take: async ({ resource, owner }) => (await client.setnx(resource, owner)) === 1,
    release: ({ resource }) => client.del(resource),
    close: () => client.quit(),
  };
}

/** `DEL` without a look at whose it is: who comes late releases the lock of somebody else. */
export function delRecipe(url: string): Recipe {
  const client = connected(url);
  return {
    hasTtl: true,
    take: async ({ resource, owner, ttlMs }) =>
      (await client.set(resource, owner, "PX", ttlMs, "NX")) === "OK",
    release: ({ resource }) => client.del(resource),
    close: () => client.quit(),
  };
}

function connected(url: string): Redis {
  const client = new Redis(url);
  client.on("error", () => {});
  return client;
}
