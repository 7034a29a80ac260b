import type { Subscription } from "../core/lock-backend.ts";
import type { Timer, World } from "../core/world.ts";
import type { LockNode } from "./lock-node.ts";

/** For how long nodes are listened to when nobody waits any more, in milliseconds. */
const lingerMs = 10_000;
/** So long after the first node said something the others may take to say the same. */
const patienceMs = 5;

interface Waiter {
  readonly wake: () => void;
  /** The nodes that said that its turn has come. */
  readonly toldBy: Set<number>;
  timer: Timer | undefined;
}

/** Hears from the nodes whose turn it is, while somebody waits. */
export class Listening {
  readonly #nodes: readonly LockNode[];
  readonly #world: World;
  readonly #quorum: number;
  readonly #waiters = new Map<string, Waiter>();
  #ears: readonly (Subscription | undefined)[] | undefined;
  #wasLive = false;
  #lingering: Timer | undefined;
  #settling: Timer | undefined;
  #isClosed = false;

  constructor(nodes: readonly LockNode[], world: World, quorum: number) {
    this.#nodes = nodes;
    this.#world = world;
    this.#quorum = quorum;
  }

  /** Whether so many nodes tell that no quorum can set a lock free unheard. */
  get isLive(): boolean {
    return this.#liveCount >= this.#quorum;
  }

  get #liveCount(): number {
    return this.#ears?.filter((ear) => ear?.isLive === true).length ?? 0;
  }

  watch(wake: () => void, waitingId: string): Subscription {
    const waiter: Waiter = { wake, toldBy: new Set(), timer: undefined };
    this.#waiters.set(waitingId, waiter);
    this.#lingering?.cancel();
    this.#begin();
    const isLive = (): boolean => this.isLive;
    return {
      get isLive() {
        return isLive();
      },
      stop: () => {
        waiter.timer?.cancel();
        if (this.#waiters.get(waitingId) === waiter) this.#waiters.delete(waitingId);
        if (this.#waiters.size === 0) this.#linger();
      },
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#end();
  }

  #begin(): void {
    if (this.#ears !== undefined || this.#isClosed) return;
    const channel = this.#world.random.id();
    this.#ears = this.#nodes.map((node, index) =>
      node.listen?.(channel, {
        onTold: (id) => this.#onTold(index, id),
        onChange: () => this.#onChange(),
      }),
    );
    this.#wasLive = this.isLive;
  }

  #linger(): void {
    this.#lingering?.cancel();
    if (this.#isClosed) return;
    this.#lingering = this.#world.clock.setTimer(lingerMs, () => this.#end(), false);
  }

  #end(): void {
    this.#lingering?.cancel();
    this.#settling?.cancel();
    this.#settling = undefined;
    const ears = this.#ears ?? [];
    this.#ears = undefined;
    for (const ear of ears) ear?.stop();
  }

  /** With a quorum of nodes it is free for sure; with fewer, others may not know yet. */
  #onTold(index: number, id: string): void {
    const waiter = this.#waiters.get(id);
    if (waiter === undefined) return;
    waiter.toldBy.add(index);
    if (waiter.toldBy.size >= this.#quorum) this.#wake(waiter);
    else waiter.timer ??= this.#world.clock.setTimer(patienceMs, () => this.#wake(waiter), false);
  }

  #wake(waiter: Waiter): void {
    waiter.timer?.cancel();
    waiter.timer = undefined;
    waiter.toldBy.clear();
    waiter.wake();
  }

  /**
   * What was set free in between was told to nobody, and where it can be told now it has no place yet. Nodes
   * that come one after the other are waited for, but not for long.
   */
  #onChange(): void {
    const wasLive = this.#wasLive;
    this.#wasLive = this.isLive;
    if (this.#ears === undefined || (!wasLive && !this.isLive)) return;
    if (this.#liveCount === this.#nodes.length) this.#wakeAll();
    else this.#settling ??= this.#world.clock.setTimer(patienceMs, () => this.#wakeAll(), false);
  }

  #wakeAll(): void {
    this.#settling?.cancel();
    this.#settling = undefined;
    for (const waiter of [...this.#waiters.values()]) this.#wake(waiter);
  }
}
