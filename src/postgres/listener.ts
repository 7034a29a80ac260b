import type { Subscription } from "../core/lock-backend.ts";
import type { Timer, World } from "../core/world.ts";
import { keyOf } from "../sql/key.ts";
import type { PostgresPool } from "./pool.ts";

/** What is used of a `Client` of the package `pg`. */
interface ListeningClient {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  on(event: "notification", listener: (message: Notification) => void): unknown;
  on(event: "error" | "end", listener: () => void): unknown;
  end(): Promise<void>;
}

interface Notification {
  readonly payload?: string | undefined;
}

type ClientClass = new (options: object) => ListeningClient;

export interface ListenerOptions {
  readonly world: World;
  readonly channel: string;
  /** Tells the channel through the pool: what comes back proves that the way is open. */
  readonly tell: (payload: string) => Promise<unknown>;
}

/** Between two tries to listen: doubled from the first to the last. */
const firstPauseMs = 100;
const longestPauseMs = 10_000;
/** For how long the connection is kept when nobody waits any more. */
const lingerMs = 10_000;

/**
 * One connection beside the pool, on which everybody who waits in this process hears what is released. It is
 * there while somebody waits, and comes back when it is lost.
 */
export class Listener {
  readonly #pool: PostgresPool;
  readonly #clientClass: ClientClass;
  readonly #options: ListenerOptions;
  readonly #wakes = new Map<string, Set<() => void>>();
  #client: ListeningClient | undefined;
  #isLive = false;
  #pauseMs = firstPauseMs;
  #timer: Timer | undefined;
  #isClosed = false;

  /** `undefined` for a pool that does not say how its connections are made. */
  static on(pool: PostgresPool, options: ListenerOptions): Listener | undefined {
    const { Client } = pool as { readonly Client?: unknown };
    if (typeof Client !== "function" || pool.options === undefined) return undefined;
    return new Listener(pool, Client as ClientClass, options);
  }

  private constructor(pool: PostgresPool, clientClass: ClientClass, options: ListenerOptions) {
    this.#pool = pool;
    this.#clientClass = clientClass;
    this.#options = options;
  }

  /** Who waits to be alone is told by its own name, others by that of the resource. */
  watch(resources: readonly string[], wake: () => void, waitingId?: string): Subscription {
    const words =
      waitingId === undefined
        ? resources.map((resource) => `free ${keyOf(resource)}`)
        : [`next ${waitingId}`];
    for (const word of words) {
      const wakes = this.#wakes.get(word) ?? new Set();
      this.#wakes.set(word, wakes.add(wake));
    }
    this.#start();
    const isLive = (): boolean => this.#isLive;
    return {
      get isLive() {
        return isLive();
      },
      stop: () => this.#forget(words, wake),
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wakes.clear();
    await this.#stop();
  }

  #forget(words: readonly string[], wake: () => void): void {
    for (const word of words) {
      const wakes = this.#wakes.get(word);
      wakes?.delete(wake);
      if (wakes?.size === 0) this.#wakes.delete(word);
    }
    if (this.#wakes.size > 0 || this.#isClosed) return;
    this.#plan(lingerMs, () => void (this.#wakes.size === 0 && this.#stop()));
  }

  #start(): void {
    if (this.#client !== undefined || this.#isClosed || this.#wakes.size === 0) return;
    const client = new this.#clientClass(this.#pool.options ?? {});
    this.#client = client;
    const echo = this.#options.world.random.id();
    const lost = (): void => this.#lose(client);
    client.on("error", lost);
    client.on("end", lost);
    client.on("notification", ({ payload = "" }) => {
      if (client !== this.#client) return;
      if (payload === echo) this.#becomeLive();
      else this.#wakeAll(this.#wakes.get(payload) ?? []);
    });
    client
      .connect()
      .then(() => client.query(`LISTEN "${this.#options.channel}"`))
      .then(() => this.#options.tell(echo))
      .catch(lost);
  }

  #becomeLive(): void {
    this.#isLive = true;
    this.#pauseMs = firstPauseMs;
    this.#wakeAll([...this.#wakes.values()].flatMap((wakes) => [...wakes]));
  }

  #lose(client: ListeningClient): void {
    if (client !== this.#client) return;
    const wasLive = this.#isLive;
    void this.#stop();
    this.#plan(this.#pauseMs, () => this.#start());
    this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs);
    if (wasLive) this.#wakeAll([...this.#wakes.values()].flatMap((wakes) => [...wakes]));
  }

  #plan(delayMs: number, act: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#options.world.clock.setTimer(delayMs, act, false);
  }

  /** Those who wait for several resources are in several sets. */
  #wakeAll(wakes: Iterable<() => void>): void {
    for (const wake of new Set(wakes)) wake();
  }

  async #stop(): Promise<void> {
    this.#timer?.cancel();
    const client = this.#client;
    this.#client = undefined;
    this.#isLive = false;
    // It may be broken, or not be there yet: there is nothing to be done about it.
    await client?.end().catch(() => {});
  }
}
