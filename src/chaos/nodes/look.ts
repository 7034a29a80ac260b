import type { LockBackend } from "../../index.ts";
import type { Leftover } from "./leftovers.ts";

/**
 * The locks that still stand at an authority, as this library itself reports them.
 *
 * @throws {Error} when it does not answer.
 */
export async function seenBy(
  backend: LockBackend,
  node: string,
  resources: readonly string[],
): Promise<Leftover[]> {
  const found = await Promise.all(resources.map((each) => backend.inspect(each)));
  const silent = found.find(({ state }) => state === "undecided");
  if (silent !== undefined) throw new Error(`${node} does not say who holds ${silent.resource}`);
  return found.flatMap(({ resource, holders }) =>
    holders.map(({ owner, remainingMs }) => ({
      ...{ node, resource, attempt: owner, forMs: remainingMs },
    })),
  );
}
