import type { Claim } from "../core/claim.ts";
import type { NodeReport } from "../core/inspection.ts";
import type { Subscription } from "../core/lock-backend.ts";
import {
  NodeError,
  type ExtensionTerms,
  type LockNode,
  type NodeAnswer,
  type NodeListener,
} from "../quorum/lock-node.ts";
import { nextPlaceOf } from "../quorum/place.ts";
import { mayVote, waitingText, type Entry } from "../quorum/entry.ts";
import type { NodeState, Terms } from "../quorum/entry.ts";
import { NoVote } from "../quorum/no-vote.ts";
import type { MemoryServer } from "./memory-server.ts";

/** Has something done by the server; rejects with a {@link NodeError} when it cannot be reached. */
export type Link = <T>(act: (server: MemoryServer) => T) => Promise<T>;

/** Listens to a server on a channel, as long as it can be reached. */
export type Hearing = (channel: string, listener: NodeListener) => Subscription;

export interface MemoryNodeOptions {
  readonly id: string;
  readonly link: Link;
  readonly terms: Terms;
  /** Left out: nobody is told anything. */
  readonly hearing?: Hearing;
}

type Act = (server: MemoryServer, entry: Entry) => NodeAnswer;

/** A node in this process, as one client sees it: the rules of a real one, over a link. */
export class MemoryNode implements LockNode {
  readonly id: string;
  readonly #link: Link;
  readonly #terms: Terms;
  readonly #hearing: Hearing | undefined;
  #ear: { readonly channel: string; readonly subscription: Subscription } | undefined;
  /** By which it may vote, as far as we know. */
  #entry: Entry | undefined;
  #onChange: () => void = () => {};
  #isClosed = false;

  constructor({ id, link, terms, hearing }: MemoryNodeOptions) {
    this.id = id;
    this.#link = link;
    this.#terms = terms;
    this.#hearing = hearing;
  }

  whenChanged(listener: () => void): void {
    this.#onChange = listener;
  }

  async open(): Promise<NodeState | undefined> {
    try {
      return this.#noted(await this.#do((server) => server.state()));
    } catch (error) {
      if (error instanceof NodeError) return undefined;
      throw error;
    }
  }

  async enter(entry: Entry, known: NodeState): Promise<NodeState> {
    return this.#noted(await this.#do((server) => server.enter(entry, known)));
  }

  acquire(claim: Claim, ttlMs: number, ballot: number): Promise<NodeAnswer> {
    const asking = { ttlMs, ballot, channel: this.#channel };
    return this.#vote(claim, (server, entry) => server.acquire(claim, asking, entry));
  }

  extend(claim: Claim, ttlMs: number, extension: ExtensionTerms): Promise<NodeAnswer> {
    return this.#vote(claim, (server, entry) => server.extend(claim, ttlMs, extension, entry));
  }

  release(claim: Claim, tombstoneMs: number, next?: Claim): Promise<NodeAnswer> {
    const leaving = { tombstoneMs, next: nextPlaceOf(next, claim, this.#channel) };
    return this.#do((server) => server.release(claim, leaving, this.#terms));
  }

  forceRelease(resource: string, owners: readonly string[]): Promise<NodeAnswer> {
    return this.#do((server) => server.forceRelease(resource, owners, this.#terms));
  }

  inspect(resource: string): Promise<NodeReport> {
    return this.#do((server) => server.inspect(resource, this.id));
  }

  listen(channel: string, listener: NodeListener): Subscription {
    const subscription = this.#hearing?.(channel, listener) ?? deaf;
    this.#ear = { channel, subscription };
    return subscription;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ear?.subscription.stop();
  }

  /** Where this process is told, while it is. */
  get #channel(): string | undefined {
    return this.#ear?.subscription.isLive === true ? this.#ear.channel : undefined;
  }

  /** Votes by the entry that is known, or else by the one that the server turns out to have. */
  #vote(claim: Claim, act: Act): Promise<NodeAnswer> {
    const entry = this.#entry;
    if (entry === undefined) return this.#lookAndVote(claim, act);
    return this.#do((server) => act(server, entry)).catch((error: unknown) => {
      throwUnlessChanged(error, entry);
      return this.#lookAndVote(claim, act);
    });
  }

  async #lookAndVote(claim: Claim, act: Act): Promise<NodeAnswer> {
    this.#noted(await this.#do((server) => server.state()));
    if (claim.withdrawn) throw new NodeError("withdrawn", "was taken back before it was sent");
    const entry = this.#entry;
    if (entry !== undefined) {
      try {
        return await this.#do((server) => act(server, entry));
      } catch (error) {
        throwUnlessChanged(error, entry);
      }
    }
    this.#entry = undefined;
    this.#onChange();
    throw new NodeError("unfit", "has to be looked at before it votes");
  }

  #noted(state: NodeState): NodeState {
    this.#entry = mayVote(state, this.#terms) ? state.entry : undefined;
    return state;
  }

  #do<T>(act: (server: MemoryServer) => T): Promise<T> {
    if (!this.#isClosed) return this.#link(act);
    return Promise.reject(new NodeError("closed", "the connection was closed"));
  }
}

const deaf: Subscription = { isLive: false, stop: () => {} };

/** Goes on only if the server has another entry by now: then it has to be looked at. */
function throwUnlessChanged(error: unknown, entry: Entry): void {
  if (!(error instanceof NoVote)) throw error;
  const { votesInMs } = error;
  if (votesInMs === undefined) return;
  throw new NodeError("quarantined", waitingText(entry, votesInMs));
}
