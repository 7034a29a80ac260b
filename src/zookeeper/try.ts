import type { Claim } from "../core/claim.ts";
import type { Attempt } from "../core/lock-backend.ts";
import { minimumValidityMs, validUntil } from "../core/validity.ts";
import { refusal, type HolderInfo, type RefusedVote } from "../core/vote.ts";
import { granted } from "./answer.ts";
import { fencingTokenOf } from "./fencing-token.ts";
import { decodeRecord, encodeRecord, holderInfo } from "./holder-record.ts";
import { PlaceMaker } from "./place-maker.ts";
import { queuePath } from "./queue-znode.ts";
import { read, remove, writeAll } from "./request.ts";
import type { Surroundings } from "./surroundings.ts";
import { blockedIn, isRobbed, type Blocked, type Fresh, type View } from "./view.ts";
import { ahead } from "./waiting-line.ts";
import { errorCode, hasCode } from "./zookeeper-error.ts";

/** Somebody was removed, or came in between: it has to be looked at again. */
const again = Symbol("again");

/**
 * One try of a claim: takes a place in the queue, or keeps the one that it has, and looks whether
 * it is its turn.
 */
export class Try {
  readonly #claim: Claim;
  readonly #ttlMs: number;
  readonly #around: Surroundings;
  readonly #maker: PlaceMaker;

  constructor(claim: Claim, ttlMs: number, around: Surroundings) {
    this.#claim = claim;
    this.#ttlMs = ttlMs;
    this.#around = around;
    this.#maker = new PlaceMaker(claim, around);
  }

  /** Whether it may have left something that nobody knows of. */
  get isInDoubt(): boolean {
    return this.#maker.mayExist;
  }

  /** Can be called again when the connection was lost on the way. */
  async run(): Promise<Attempt> {
    for (;;) {
      if (this.#claim.withdrawn) return { granted: false, why: "held", votes: [] };
      const view = await this.#look();
      const attempt = view === undefined ? again : await this.#judge(view);
      if (attempt !== again) return attempt;
    }
  }

  /**
   * Removes what it has in the queue, also what it may have there, and does not wait for a lost
   * connection.
   */
  async undo(): Promise<void> {
    const { places, leftovers, session } = this.#around;
    const own = places.take(this.#claim);
    const removing: Promise<unknown>[] = [];
    if (own !== undefined) {
      const paths = own.nodes.map(({ path }) => path);
      removing.push(leftovers.remove({ session: own.session, paths: async () => paths }));
    }
    if (this.#maker.mayExist) {
      const paths = async (): Promise<string[]> =>
        ((await this.#maker.find())?.nodes ?? []).map(({ path }) => path);
      removing.push(leftovers.remove({ session: session.number, paths }));
    }
    await Promise.all(removing);
  }

  async #look(): Promise<View | undefined> {
    const { places, session } = this.#around;
    const kept = places.of(this.#claim, session.number);
    const view = kept === undefined ? await this.#maker.make() : await this.#maker.look(kept);
    if (view === undefined) return undefined;
    if (!isRobbed(view)) return view;
    // Somebody stole it, or released it by force: what is left of it goes, and it begins anew.
    await this.undo();
    return undefined;
  }

  async #judge(view: View): Promise<Attempt | typeof again> {
    const blocked = blockedIn(view);
    if (blocked.length === 0) return this.#grant(view, view.fresh);
    if (!this.#claim.steal) return this.#refuse(blocked);
    await this.#rob(view);
    return this.#grant(view, undefined);
  }

  /**
   * It is its turn, and stays so until its place is removed. The transaction that says so is the
   * one that made the place if nobody was before it then, else one that writes the owner into it.
   */
  async #grant({ own }: View, fresh: Fresh | undefined): Promise<Attempt | typeof again> {
    const { world } = this.#around;
    const sentAt = fresh?.sentAt ?? world.clock.now();
    const zxid = fresh?.zxid ?? (await this.#sign(own.nodes.map(({ path }) => path)));
    if (zxid === undefined) {
      await this.undo();
      return again;
    }
    const until = validUntil(sentAt, this.#ttlMs, 0);
    const isInTime = until - world.clock.now() >= minimumValidityMs(this.#ttlMs);
    const votes = granted(this.#around.session);
    if (!isInTime) {
      await this.undo();
      return { granted: false, why: "late", votes };
    }
    const fencingToken = fencingTokenOf(zxid);
    // What it has in the queue is removed by the release that waits for this answer.
    if (this.#claim.withdrawn) return { granted: false, why: "held", votes };
    this.#claim.granted = true;
    return { granted: true, validUntil: until, fencingToken, votes, tally: { grantedCount: 1 } };
  }

  /** The transaction's number; `undefined` when somebody has removed the place. */
  async #sign(paths: readonly string[]): Promise<bigint | undefined> {
    const { session, layout } = this.#around;
    const data = encodeRecord(this.#claim, layout.sessionTimeoutMs);
    try {
      const [stat] = await session.send(writeAll(paths.map((path) => ({ path, data }))));
      return stat?.modified;
    } catch (error) {
      if (hasCode(error, errorCode.noNode)) return undefined;
      throw error;
    }
  }

  async #refuse(blocked: readonly Blocked[]): Promise<Attempt | typeof again> {
    const [first] = blocked;
    if (first === undefined) return again;
    const { resource } = first.node;
    // Both are asked at once, and either may say that it is free by now.
    const [holder, areThere] = await Promise.all([this.#holder(first), this.#watch(blocked)]);
    if (holder === undefined || !areThere) return again;
    if (this.#claim.waiting === undefined) await this.undo();
    const reason = first.standing.isBehindWriter ? "writer-waiting" : "held";
    const vote: RefusedVote = {
      node: this.#around.session.serverName,
      ...refusal(reason, resource, { holder }),
    };
    return { granted: false, why: "held", votes: [vote] };
  }

  async #holder({ node, standing }: Blocked): Promise<HolderInfo | undefined> {
    const { session, layout } = this.#around;
    const { name, mode } = standing.holder;
    try {
      const path = `${queuePath(layout, node.resource)}/${name}`;
      return holderInfo(decodeRecord((await session.send(read(path))).data), mode);
    } catch (error) {
      if (hasCode(error, errorCode.noNode)) return undefined;
      throw error;
    }
  }

  /** Has the end of the one before it told, in each queue. */
  async #watch(blocked: readonly Blocked[]): Promise<boolean> {
    if (this.#claim.waiting === undefined) return true;
    const { session, layout, notices } = this.#around;
    const watching = blocked.map(({ node, standing }) => {
      const path = `${queuePath(layout, node.resource)}/${standing.predecessor.name}`;
      return notices.watch(session, path, node.resource);
    });
    return (await Promise.all(watching)).every(Boolean);
  }

  /** Removes all who are before it, those who wait as well. */
  async #rob({ own, queues }: View): Promise<void> {
    const { session, layout } = this.#around;
    const paths = own.nodes.flatMap(({ resource, place }, index) =>
      ahead(queues[index] ?? [], place).map(({ name }) => `${queuePath(layout, resource)}/${name}`),
    );
    const robbing = paths.map(async (path) => {
      try {
        await session.send(remove(path));
      } catch (error) {
        if (!hasCode(error, errorCode.noNode)) throw error;
      }
    });
    await Promise.all(robbing);
  }
}
