import type { ChaosNode } from "./chaos-node.ts";
import { slotsIn } from "./slot.ts";

/** A lock that still stands on a node. */
export interface Leftover {
  readonly node: string;
  readonly resource: string;
  readonly attempt: string;
  /** For how long it would stay. */
  readonly forMs: number;
}

/** What keys begin with that are no locks: what fills memory, and what a node knows of itself. */
const noLock = /^(fill:|quorumlock:[^ -~])/;

/** What stands on a node now, whatever library it comes from. None on one that is down. */
export async function leftoversOf({
  name,
  admin,
}: Pick<ChaosNode, "name" | "admin">): Promise<Leftover[]> {
  if (admin.status !== "ready") return [];
  const keys = (await admin.keys("*")).filter((key) => !noLock.test(key));
  const found = await Promise.all(
    keys.map(async (key): Promise<Leftover[]> => {
      const [value, ttlMs] = [await admin.get(key).catch(() => null), await admin.pttl(key)];
      // Some have no end.
      const forMs = ttlMs === -1 ? Number.MAX_SAFE_INTEGER : ttlMs;
      const resource = key.replace(/^quorumlock:/, "");
      if (value !== null) return [{ node: name, resource, attempt: value.slice(0, 40), forMs }];
      const [seconds, micros] = (await admin.time()).map(Number);
      const nowMs = Number(seconds) * 1_000 + Number(micros) / 1_000;
      return slotsIn(await admin.hgetall(key).catch(() => ({})))
        .filter(({ untilMs }) => untilMs >= nowMs)
        .map(({ owner, untilMs }) => ({
          ...{ node: name, resource, attempt: owner, forMs: untilMs - nowMs },
        }));
    }),
  );
  return found.flat();
}
