import type { Claim } from "../../core/claim.ts";
import type { Leaving } from "../../memory/decision.ts";
import { MemoryServer, type Asking } from "../../memory/memory-server.ts";
import type { Entry, Terms } from "../../quorum/entry.ts";
import type { ExtensionTerms, NodeAnswer } from "../../quorum/lock-node.ts";
import { spareTokensOf } from "../../quorum/relay.ts";
import type { HistoryEvent } from "../history/event.ts";

export interface Witness {
  readonly node: string;
  readonly note: (event: HistoryEvent) => void;
  readonly now: () => number;
  /** Whether it should not vote now, whatever it believes. */
  readonly isForgetful: () => boolean;
}

/** A server whose decisions are written down, in the order in which it takes them. */
export class WitnessedServer extends MemoryServer {
  readonly #witness: Witness;

  constructor(clock: { now: () => number }, newProcessId: () => string, witness: Witness) {
    super(clock, newProcessId);
    this.#witness = witness;
  }

  override acquire(claim: Claim, asking: Asking, entry: Entry): NodeAnswer {
    const robbed = claim.steal ? this.#holders(claim) : [];
    const answer = super.acquire(claim, asking, entry);
    this.#noteVote(claim, asking.ballot + spareTokensOf(claim), answer);
    if (answer.vote === "granted") {
      for (const [resource, owner] of robbed) this.#noteDrop(resource, owner, claim.owner, "steal");
    }
    return answer;
  }

  override extend(
    claim: Claim,
    ttlMs: number,
    extension: ExtensionTerms,
    entry: Entry,
  ): NodeAnswer {
    const answer = super.extend(claim, ttlMs, extension, entry);
    this.#noteVote(claim, extension.fencingToken, answer);
    return answer;
  }

  override release(claim: Claim, leaving: Leaving, terms: Terms): NodeAnswer {
    const answer = super.release(claim, leaving, terms);
    if (answer.vote === "granted") {
      for (const resource of claim.resources) {
        this.#noteDrop(resource, claim.owner, claim.owner, "release");
      }
    }
    return answer;
  }

  #holders(claim: Claim): (readonly [string, string])[] {
    return claim.resources.flatMap((resource) =>
      this.inspect(resource, "").holders.map(({ owner }) => [resource, owner] as const),
    );
  }

  #noteVote({ owner, mode, resources }: Claim, fencingToken: number, answer: NodeAnswer): void {
    const { node, note, now, isForgetful } = this.#witness;
    const at = now();
    if (answer.vote === "refused") {
      note({ type: "refusal", at, node, attempt: owner, reason: answer.reason });
      return;
    }
    const isQuarantined = isForgetful();
    for (const resource of resources) {
      const what = { attempt: owner, resource, mode, fencingToken, isQuarantined };
      note({ type: "vote", at, node, ...what });
    }
  }

  #noteDrop(resource: string, attempt: string, by: string, kind: "release" | "steal"): void {
    const { node, note, now } = this.#witness;
    note({ type: "drop", at: now(), node, resource, attempt, by, kind });
  }
}
