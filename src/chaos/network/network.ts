import type { LinkSpan } from "../lane.ts";
import type { Journal } from "../run/journal.ts";
import type { Direction, LinkStep } from "../schedule/step.ts";
import { Proxy } from "./proxy.ts";

/** The way of one client to one node. */
interface Way {
  readonly client: string;
  readonly node: string;
  readonly proxy: Proxy;
}

const neverNarrow = Infinity;

/** A proxy for every client and node: each way can be hurt by itself. */
export class Network {
  readonly #journal: Journal;
  readonly #nodes: readonly { readonly name: string; readonly url: string }[];
  readonly #ways: Way[] = [];

  constructor(nodes: readonly { readonly name: string; readonly url: string }[], journal: Journal) {
    this.#nodes = nodes;
    this.#journal = journal;
  }

  /**
   * The addresses of all nodes, as this client has them; the same for a client that is started again.
   *
   * @param list the nodes that it is given, from 1; one that is there twice has two addresses.
   */
  async waysOf(client: string, list?: readonly number[]): Promise<readonly string[]> {
    if (!this.#ways.some((way) => way.client === client)) {
      const nodes = list?.flatMap((place) => this.#nodes[place - 1] ?? []) ?? this.#nodes;
      const ways = await Promise.all(
        nodes.map(async ({ name, url }) => ({
          ...{ client, node: name, proxy: await Proxy.to(url) },
        })),
      );
      this.#ways.push(...ways);
    }
    return this.#ways.filter((way) => way.client === client).map(({ proxy }) => proxy.url);
  }

  /** The name of the node behind an address that a client was given. */
  nodeBehind(address: string): string | undefined {
    const port = address.slice(address.lastIndexOf(":") + 1);
    return this.#ways.find(({ proxy }) => proxy.url.endsWith(`:${port}`))?.node;
  }

  /** From now on another server is behind the addresses of this node. */
  point(node: string, url: string): void {
    for (const way of this.#ways) if (way.node === node) way.proxy.point(url);
  }

  play(step: LinkStep, clients: readonly string[], nodes: readonly string[]): void {
    for (const way of this.#ways) {
      if (clients.includes(way.client) && nodes.includes(way.node)) this.#hurt(way, step);
    }
  }

  heal(): void {
    for (const way of this.#ways) this.#mend(way);
  }

  async close(): Promise<void> {
    await Promise.all(this.#ways.map(({ proxy }) => proxy.close()));
  }

  #hurt(way: Way, step: LinkStep): void {
    const { proxy } = way;
    switch (step.do) {
      case "cut":
        this.#begin(way, "cut", "no connection gets through");
        proxy.refuse(true);
        return proxy.breakClients();
      case "mend":
        return this.#mend(way);
      case "hold":
        this.#begin(way, heldState(step.direction), `${step.direction} are kept back`);
        return proxy.hold(step.direction);
      case "deliver":
        this.#end(way, heldState(step.direction));
        return proxy.deliver(step.direction);
      case "overtake":
        return proxy.letNewOnesThrough(step.direction);
      case "reset":
        return proxy.breakClients();
      case "slow": {
        const { ms, jitterMs = 0 } = step;
        this.#begin(way, "slow", `${ms} to ${ms + jitterMs} ms each way`);
        return proxy.delay(ms, jitterMs);
      }
      case "narrow":
        this.#begin(way, "narrow", `${step.bytesPerSecond} bytes a second`);
        return proxy.narrow(step.bytesPerSecond);
      case "closeSlowly":
        return proxy.closeSlowly(step.ms);
    }
  }

  #mend(way: Way): void {
    const { proxy } = way;
    proxy.refuse(false);
    proxy.delay(0);
    proxy.narrow(neverNarrow);
    proxy.closeSlowly(0);
    proxy.deliver("requests");
    proxy.deliver("replies");
    for (const state of ["cut", "slow", "narrow", "requests held", "replies held"] as const) {
      this.#end(way, state);
    }
  }

  #begin({ client, node }: Way, state: LinkSpan["state"], about: string): void {
    const key = `${client} ${node} ${state}`;
    this.#journal.links.begin(key, this.#journal.now(), { client, node, state, about });
  }

  #end({ client, node }: Way, state: LinkSpan["state"]): void {
    this.#journal.links.end(`${client} ${node} ${state}`, this.#journal.now());
  }
}

function heldState(direction: Direction): LinkSpan["state"] {
  return direction === "requests" ? "requests held" : "replies held";
}
