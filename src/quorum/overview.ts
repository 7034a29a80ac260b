import type { BackendPromises } from "../core/backend-promises.ts";
import type { Inspection } from "../core/inspection.ts";
import type { ForcedRelease } from "../core/lock-backend.ts";
import type { UnknownVote } from "../core/vote.ts";
import type { Clock } from "../core/world.ts";
import type { Contact } from "./contact.ts";
import { summarize } from "./inspection.ts";
import type { LockNode } from "./lock-node.ts";
import { askAll } from "./question.ts";
import { forcedRelease } from "./verdict.ts";
import { voteOf } from "./votes.ts";

export interface OverviewOptions {
  readonly clock: Clock;
  readonly contact: Contact;
  readonly quorum: number;
  readonly promises: BackendPromises;
  /** For how long the first contact may take, in milliseconds. */
  readonly contactMs: number;
  /** For how long nodes are waited for, in milliseconds. */
  readonly timeoutMs: number;
}

/** What all nodes are asked about one resource, and no quorum decides: who holds it. */
export class Overview {
  readonly #nodes: readonly LockNode[];
  readonly #options: OverviewOptions;

  constructor(nodes: readonly LockNode[], options: OverviewOptions) {
    this.#nodes = nodes;
    this.#options = options;
  }

  async inspect(resource: string): Promise<Inspection> {
    const { contact, contactMs, quorum, promises } = this.#options;
    await contact.make(contactMs);
    const reports = await this.#askAll((node) => node.inspect(resource));
    return { ...summarize(resource, reports, quorum), promises };
  }

  /** Takes it from those who hold it now: what arrives late must not hit who comes after them. */
  async forceRelease(resource: string): Promise<ForcedRelease> {
    const { holders } = await this.inspect(resource);
    const owners = holders.map(({ owner }) => owner);
    const votes = await this.#askAll(async (node) =>
      voteOf(node.id, await node.forceRelease(resource, owners)),
    );
    return forcedRelease(votes, this.#options.quorum, resource);
  }

  #askAll<A>(ask: (node: LockNode) => Promise<A>): Promise<readonly (A | UnknownVote)[]> {
    const { clock, timeoutMs } = this.#options;
    return askAll(this.#nodes, { ask }, clock, timeoutMs);
  }
}
