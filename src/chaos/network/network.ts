import type { Journal } from "../run/journal.ts";
import type { LinkStep } from "../schedule/step.ts";
import { NetworkSpace } from "./network-space.ts";
import { Proxy } from "./proxy.ts";
import { Way } from "./way.ts";

export interface NetworkOptions {
  readonly nodes: readonly { readonly name: string; readonly url: string }[];
  readonly journal: Journal;
  /** Whether each client gets a network of its own, in which packets can be lost. */
  readonly hasSpaces: boolean;
}

/** A proxy for every client and node: each way can be hurt by itself. */
export class Network {
  readonly #options: NetworkOptions;
  readonly #ways: Way[] = [];
  readonly #spaces = new Map<string, NetworkSpace>();

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /**
   * The addresses of all nodes, as this client has them; the same for a client that is started again.
   *
   * @param list the nodes that it is given, from 1; one that is there twice has two addresses.
   */
  async waysOf(client: string, list?: readonly number[]): Promise<readonly string[]> {
    const { journal, nodes: all, hasSpaces } = this.#options;
    if (!this.#ways.some((way) => way.client === client)) {
      const space = hasSpaces ? await this.#spaceFor(client) : undefined;
      const nodes = list?.flatMap((place) => all[place - 1] ?? []) ?? all;
      const ways = await Promise.all(
        nodes.map(async ({ name: node, url }) => {
          const proxy = await Proxy.to(url, space?.host);
          return new Way({ client, node, proxy, space, journal });
        }),
      );
      this.#ways.push(...ways);
    }
    return this.#ways.filter((way) => way.client === client).map(({ proxy }) => proxy.url);
  }

  /** What the process of this client is started through, so that it is in its network. */
  commandOf(client: string): readonly string[] {
    return this.#spaces.get(client)?.command ?? [];
  }

  /** The name of the node behind an address that a client was given. */
  nodeBehind(address: string): string | undefined {
    const host = address.slice(address.lastIndexOf("/") + 1);
    return this.#ways.find(({ proxy }) => proxy.url.endsWith(`/${host}`))?.node;
  }

  /** From now on another server is behind the addresses of this node. */
  point(node: string, url: string): void {
    for (const way of this.#ways) if (way.node === node) way.proxy.point(url);
  }

  async play(step: LinkStep, clients: readonly string[], nodes: readonly string[]): Promise<void> {
    const meant = this.#ways.filter(
      ({ client, node }) => clients.includes(client) && nodes.includes(node),
    );
    await Promise.all(meant.map((way) => way.hurt(step)));
  }

  async heal(): Promise<void> {
    await Promise.all(this.#ways.map((way) => way.mend()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#ways.map(({ proxy }) => proxy.close()));
    await Promise.all([...this.#spaces.values()].map((space) => space.close()));
  }

  async #spaceFor(client: string): Promise<NetworkSpace> {
    const space = await NetworkSpace.open();
    this.#spaces.set(client, space);
    return space;
  }
}
