import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../../index.ts";
import type { FullWish } from "../adapters/lock-client.ts";
import type { Hands, HeldInHands } from "./hands.ts";
import type { WorkOrders } from "./message.ts";

/** Of the locks: how many are shared, on several resources, renewed, extended once by hand. */
const shares = { shared: 0.2, several: 0.1, renewed: 0.6, extended: 0.2 } as const;

export interface WorkerOptions {
  readonly hands: Hands;
  readonly orders: WorkOrders;
  readonly ttlMs: number;
  readonly random: Random;
}

/** Takes locks, does protected work, gives them back, again and again. */
export class Worker {
  readonly #options: WorkerOptions;
  #isWorking = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  rest(): void {
    this.#isWorking = false;
  }

  async work(): Promise<void> {
    const { orders, random } = this.#options;
    this.#isWorking = true;
    while (this.#isWorking) {
      await pause(random.next() * orders.longestRestMs);
      if (this.#isWorking) await this.#once();
    }
  }

  async #once(): Promise<void> {
    const { hands } = this.#options;
    const held = await hands.take(this.#wish());
    if (held === undefined) return;
    try {
      await this.#use(held);
    } finally {
      await hands.letGo(held);
    }
  }

  /** One section for each resource, side by side; it looks before it writes, as it should. */
  async #use(held: HeldInHands): Promise<void> {
    const { hands, orders, random } = this.#options;
    const { lock, wish } = held;
    const holdMs = random.next() * orders.longestHoldMs;
    const sections = await Promise.all(
      wish.resources.map((resource) => hands.enter(held, resource)),
    );
    await pause(holdMs / 2);
    if (random.next() < shares.extended) await lock.extend().catch(() => {});
    await pause(holdMs / 2);
    const writes = wish.mode === "exclusive" && hands.look(lock);
    await Promise.all(sections.map((section) => hands.leave(section, writes)));
  }

  #wish(): FullWish {
    const { orders, random, ttlMs } = this.#options;
    const { resources, modes, takesSeveral, waitMs } = orders;
    const isShared = modes.includes("shared") && random.next() < shares.shared;
    const isSeveral = takesSeveral && random.next() < shares.several;
    const one = resources[Math.floor(random.next() * resources.length)] ?? "r";
    return {
      resources: isSeveral ? resources : [one],
      mode: isShared ? "shared" : "exclusive",
      renew: random.next() < shares.renewed,
      ttlMs,
      waitMs,
    };
  }
}
