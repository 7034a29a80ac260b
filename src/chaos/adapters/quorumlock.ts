import type { LockManager } from "../../index.ts";
import type { ClientOrders } from "../client/message.ts";
import { openBackend } from "./backend.ts";
import type { ClientLock, FullWish, LockClient, Notes } from "./lock-client.ts";

type Index = typeof import("../../index.ts");
type Testing = typeof import("../../testing.ts");
type Backend = ConstructorParameters<typeof LockManager>[0];

/** Two readings of clocks that are further apart than this were interrupted. */
const closeMs = 0.5;

/** This library, or a build of it that is broken on purpose, every try of it observed. */
export async function openQuorumlock(orders: ClientOrders, notes: Notes): Promise<LockClient> {
  const { build, ttlMs } = orders;
  const { LockManager, LockHeldError } = (await import(`${build}index.js`)) as Index;
  const { RecordingBackend } = (await import(`${build}testing.js`)) as Testing;
  const { backend: inner, quorum, end } = await openBackend(orders, notes);
  const { client, now, note } = notes;
  const trueTimeOf = trueTime(inner, now);
  const backend = new RecordingBackend(inner, { client, quorum, note, now, trueTimeOf });
  const manager = new LockManager(backend, { ttlMs });
  return {
    acquire: async ({ resources, ...wish }: FullWish) =>
      clientLock(await manager.acquire(resources, wish), notes),
    isRefusal: (error) => error instanceof LockHeldError,
    close: async () => {
      await manager.close();
      await end();
    },
  };
}

/** Both clocks have to be read in one go: the process may be stopped at any point. */
function trueTime({ world }: Backend, now: () => number): (reading: number) => number {
  return (reading) => {
    for (;;) {
      const before = now();
      const here = world.clock.now();
      if (now() - before < closeMs) return before + (reading - here);
    }
  };
}

function clientLock(
  lock: Awaited<ReturnType<LockManager["acquire"]>>,
  { now, note }: Notes,
): ClientLock {
  const { owner: attempt, fencingToken } = lock;
  lock.signal.addEventListener("abort", () => note({ type: "lost", at: now(), attempt }));
  return {
    attempt,
    fencingToken,
    isHeld: () => lock.held,
    extend: () => lock.extend(),
    release: () => lock.release(),
  };
}
