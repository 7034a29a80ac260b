import type { Redis } from "ioredis";

const bundleSize = 50;
const bundleCount = 200;
const pieceBytes = 4_096;

/** Fills it until it has evicted all that stands there now. */
export async function evictAll(admin: Redis, policy: string): Promise<void> {
  const keys = await admin.keys("*");
  const used = Number(/used_memory:(\d+)/.exec(await admin.info("memory"))?.[1] ?? 0);
  await admin.config("SET", "maxmemory-policy", policy);
  await admin.config("SET", "maxmemory", String(used + 200_000));
  for (let bundle = 0; bundle < bundleCount; bundle++) {
    if (keys.length === 0 || (await admin.exists(...keys)) === 0) break;
    const adding = Array.from({ length: bundleSize }, (_, index) =>
      admin.set(`fill:${bundle}:${index}`, "x".repeat(pieceBytes)).catch(() => {}),
    );
    await Promise.all(adding);
  }
  // What comes now finds room.
  await admin.config("SET", "maxmemory", "0");
}

/** No write finds room any more, and nothing is evicted for it. */
export async function fillUp(admin: Redis): Promise<void> {
  await admin.config("SET", "maxmemory-policy", "noeviction");
  await admin.config("SET", "maxmemory", "1");
}
