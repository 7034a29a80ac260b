import type { ClientLock, FullWish, LockClient } from "../adapters/lock-client.ts";
import type { AskedSpan, ClientMessage, Use } from "./message.ts";

/** How often a client asks whether it still holds a lock, in milliseconds. */
const lookMs = 20;

export interface HandsOptions {
  readonly locks: LockClient;
  readonly now: () => number;
  readonly tell: (message: ClientMessage) => void;
}

/** A lock in somebody's hands. */
export interface HeldInHands {
  readonly lock: ClientLock;
  readonly wish: FullWish;
  readonly watch: NodeJS.Timeout;
}

/** What a client can do with locks and with what they protect, each step told to the harness. */
export class Hands {
  readonly #options: HandsOptions;
  readonly #answers = new Map<number, (section: number) => void>();
  #count = 0;

  constructor(options: HandsOptions) {
    this.#options = options;
  }

  /** `undefined` when it was not granted. */
  async take(wish: FullWish): Promise<HeldInHands | undefined> {
    const { locks, now, tell } = this.#options;
    const request = this.#count++;
    const { resources, mode } = wish;
    const asked: AskedSpan = { from: now(), resources, mode };
    tell({ kind: "asked", request, span: asked });
    try {
      const lock = await locks.acquire(wish);
      const span = { ...asked, until: now(), outcome: "granted" as const, attempt: lock.attempt };
      tell({ kind: "settled", request, span });
      const watch = setInterval(() => this.look(lock), lookMs);
      this.look(lock);
      return { lock, wish, watch };
    } catch (error) {
      const outcome = locks.isRefusal(error) ? ("refused" as const) : ("failed" as const);
      const span = { ...asked, until: now(), outcome, error: messageOf(error) };
      tell({ kind: "settled", request, span });
      return undefined;
    }
  }

  /** Asks the library whether it is held; the instant is the one before the question. */
  look(lock: ClientLock): boolean {
    const { attempt } = lock;
    const at = this.#options.now();
    const held = lock.isHeld(at);
    this.#options.tell({ kind: "event", event: { type: "belief", at, attempt, held } });
    return held;
  }

  /** Claims one of what is held, and reads; resolves to the section. */
  enter({ lock, wish: { mode } }: HeldInHands, resource: string): Promise<number> {
    const { attempt, fencingToken } = lock;
    const use: Use = { attempt, resource, mode, fencingToken };
    return this.#call((call) => ({ kind: "use", call, use }));
  }

  /** Writes, and is done; without a write if it is not to be. */
  leave(section: number, writes: boolean): Promise<number> {
    return this.#call((call) => ({ kind: "done", call, section, writes }));
  }

  answered(call: number, section: number): void {
    this.#answers.get(call)?.(section);
    this.#answers.delete(call);
  }

  async letGo({ lock, watch }: HeldInHands): Promise<void> {
    this.look(lock);
    clearInterval(watch);
    // What it says of the loss was told by the library before, and is judged from there.
    await lock.release().catch(() => {});
    if (lock.isHeld(this.#options.now())) this.look(lock);
  }

  #call(message: (call: number) => ClientMessage): Promise<number> {
    const call = this.#count++;
    return new Promise((resolve) => {
      this.#answers.set(call, resolve);
      this.#options.tell(message(call));
    });
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
