import type { Recipe } from "./recipe.ts";
import { NaiveZnodeLock } from "./naive-znode-lock.ts";

const sessionTimeoutMs = 2_400;

/**
 * `exists`, then `create` of a plain znode. An ephemeral one goes when the session of its maker is over, who
 * does not know it; a persistent one stays when its maker has died.
 */
export function znodeRecipe(address: string, isEphemeral: boolean): Recipe {
  const locks = new Map<string, NaiveZnodeLock>();
  const lockOf = (resource: string): NaiveZnodeLock => {
    const path = `/${resource.replaceAll(" ", "-")}`;
    const lock =
      locks.get(path) ?? new NaiveZnodeLock(address, { path, sessionTimeoutMs, isEphemeral });
    locks.set(path, lock);
    return lock;
  };
  return {
    hasTtl: false,
    take: ({ resource }) => lockOf(resource).tryAcquire(),
    release: ({ resource }) => lockOf(resource).release(),
    close: () => Promise.all([...locks.values()].map((lock) => lock.close())),
  };
}
