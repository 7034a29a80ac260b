import type { LinkSpan } from "../lane.ts";
import type { Journal } from "../run/journal.ts";
import type { Direction, LinkStep } from "../schedule/step.ts";
import type { NetworkSpace } from "./network-space.ts";
import type { Proxy } from "./proxy.ts";

export interface WayOptions {
  readonly client: string;
  readonly node: string;
  readonly proxy: Proxy;
  /** Where the client is, if it has a network of its own. */
  readonly space: NetworkSpace | undefined;
  readonly journal: Journal;
}

const neverNarrow = Infinity;
const both: readonly Direction[] = ["requests", "replies"];

/** The way of one client to one node, and what is the matter with it. */
export class Way {
  readonly client: string;
  readonly node: string;
  readonly proxy: Proxy;
  readonly #space: NetworkSpace | undefined;
  readonly #journal: Journal;
  readonly #states = new Set<LinkSpan["state"]>();
  readonly #swallowed = new Set<Direction>();

  constructor({ client, node, proxy, space, journal }: WayOptions) {
    this.client = client;
    this.node = node;
    this.proxy = proxy;
    this.#space = space;
    this.#journal = journal;
  }

  async hurt(step: LinkStep): Promise<void> {
    const { proxy } = this;
    switch (step.do) {
      case "cut":
        this.#begin("cut", "no connection gets through");
        proxy.refuse(true);
        return proxy.breakClients();
      case "mend":
        return this.mend();
      case "swallow":
        return this.#swallow(step.direction);
      case "hold":
        this.#begin(`${step.direction} held`, `${step.direction} are kept back`);
        return proxy.hold(step.direction);
      case "deliver":
        this.#end(`${step.direction} held`);
        return proxy.deliver(step.direction);
      case "overtake":
        return proxy.letNewOnesThrough(step.direction);
      case "reset":
        return proxy.breakClients();
      case "slow": {
        const { ms, jitterMs = 0 } = step;
        this.#begin("slow", `${ms} to ${ms + jitterMs} ms each way`);
        return proxy.delay(ms, jitterMs);
      }
      case "narrow":
        this.#begin("narrow", `${step.bytesPerSecond} bytes a second`);
        return proxy.narrow(step.bytesPerSecond);
      case "closeSlowly":
        return proxy.closeSlowly(step.ms);
    }
  }

  async mend(): Promise<void> {
    const { proxy } = this;
    for (const direction of this.#swallowed) {
      await this.#space?.letThrough(direction, proxy.port);
    }
    this.#swallowed.clear();
    proxy.refuse(false);
    proxy.delay(0);
    proxy.narrow(neverNarrow);
    proxy.closeSlowly(0);
    for (const direction of both) proxy.deliver(direction);
    for (const state of this.#states) this.#end(state);
  }

  /** Where the client has no network of its own, the proxy keeps back what would be lost. */
  async #swallow(direction: Direction | undefined): Promise<void> {
    const means = this.#space === undefined ? "kept back by the proxy" : "swallowed by the network";
    this.#begin(
      direction === undefined ? "cut" : `${direction} lost`,
      `${direction ?? "packets"} are ${means}, and nobody is told`,
    );
    for (const each of direction === undefined ? both : [direction]) {
      if (this.#space === undefined) this.proxy.hold(each);
      else if (!this.#swallowed.has(each)) await this.#space.swallow(each, this.proxy.port);
      this.#swallowed.add(each);
    }
  }

  #begin(state: LinkSpan["state"], about: string): void {
    const { client, node } = this;
    this.#states.add(state);
    this.#journal.links.begin(this.#key(state), this.#journal.now(), {
      client,
      node,
      state,
      about,
    });
  }

  #end(state: LinkSpan["state"]): void {
    this.#states.delete(state);
    this.#journal.links.end(this.#key(state), this.#journal.now());
  }

  #key(state: LinkSpan["state"]): string {
    return `${this.client} ${this.proxy.port} ${state}`;
  }
}
