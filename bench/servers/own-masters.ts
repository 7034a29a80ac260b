import { startMasters, type Masters } from "../../src/masters/masters.ts";

/** Masters that may be hurt, or why there are none. */
export async function ownMasters(count: number): Promise<Masters> {
  const masters = await startMasters({ count });
  if (masters.all.every(({ isOurs }) => isOurs)) return masters;
  throw new Error(
    "this workload hurts masters: unset $QUORUMLOCK_REDIS, so that it starts its own",
  );
}
