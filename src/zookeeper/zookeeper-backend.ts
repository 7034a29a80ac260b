import type { BackendPromises } from "../core/backend-promises.ts";
import type { Claim } from "../core/claim.ts";
import type { Inspection } from "../core/inspection.ts";
import type {
  Attempt,
  Extension,
  ForcedRelease,
  Grant,
  LockBackend,
  ReleaseOutcome,
  Subscription,
  TtlRange,
} from "../core/lock-backend.ts";
import { validUntil } from "../core/validity.ts";
import type { World } from "../core/world.ts";
import { faults, granted, lost, refused } from "./answer.ts";
import { Eviction } from "./eviction.ts";
import { lookAt, nothingKnown } from "./inspection.ts";
import { Leftovers, type Removal } from "./leftovers.ts";
import { Notices } from "./notices.ts";
import { OwnPlaces } from "./own-places.ts";
import { promisesOf } from "./promises.ts";
import { checkAll } from "./request.ts";
import { Session } from "./session.ts";
import { UnreachableError } from "./session-problem.ts";
import type { ZooKeeperSettings } from "./settings.ts";
import type { Surroundings } from "./surroundings.ts";
import { Try } from "./try.ts";
import { errorCode, hasCode } from "./zookeeper-error.ts";

const outcomes: Record<Removal, ReleaseOutcome["released"]> = {
  removed: "yes",
  missing: "broken",
  over: "missing",
  unknown: "unknown",
};

/** A backend on a ZooKeeper ensemble: `docs/ZOOKEEPER.md` has its rules. */
export class ZooKeeperBackend implements LockBackend {
  readonly world: World;
  readonly ttlRange: TtlRange;
  readonly promises: BackendPromises;
  readonly #patienceMs: number;
  readonly #around: Surroundings;
  /** The tries under way, by their owners. */
  readonly #tries = new Map<string, Promise<unknown>>();
  #isClosed = false;

  constructor({ servers, auth, ttlRange, patienceMs, ...layout }: ZooKeeperSettings, world: World) {
    this.world = world;
    this.ttlRange = ttlRange;
    this.promises = promisesOf(servers.length);
    this.#patienceMs = patienceMs;
    const notices = new Notices();
    const session = new Session({
      world,
      servers,
      timeoutMs: layout.sessionTimeoutMs,
      auth,
      onNotice: (path) => notices.deleted(path),
      onChange: () => this.#onChange(),
    });
    const leftovers = new Leftovers(session, patienceMs);
    this.#around = { world, session, places: new OwnPlaces(), leftovers, notices, layout };
  }

  async acquire(claim: Claim, ttlMs: number): Promise<Attempt> {
    this.#throwIfClosed();
    const attempt = this.#acquire(claim, ttlMs);
    const settled = attempt.catch(() => {});
    this.#tries.set(claim.owner, settled);
    void settled.then(() => this.#tries.delete(claim.owner));
    return attempt;
  }

  async extend({ claim }: Grant, ttlMs: number): Promise<Extension> {
    this.#throwIfClosed();
    const { session, places } = this.#around;
    const patienceMs = Math.min(this.#patienceMs, ttlMs / 3);
    const asking = async (): Promise<Extension> => {
      const own = places.of(claim, session.number);
      if (own === undefined) return lost(session, claim, "missing");
      const sentAt = this.world.clock.now();
      await session.send(checkAll(own.nodes.map(({ path }) => path)));
      const votes = granted(session);
      const until = validUntil(sentAt, ttlMs, 0);
      return { extended: true, validUntil: until, votes, tally: { grantedCount: 1 } };
    };
    try {
      return await session.run(patienceMs, asking);
    } catch (error) {
      if (hasCode(error, errorCode.noNode)) return lost(session, claim, "broken");
      const votes = faults(session, error, claim.resources);
      return { extended: false, why: "unreachable", votes };
    }
  }

  async release(claim: Claim): Promise<ReleaseOutcome> {
    claim.withdrawn = true;
    await this.#tries.get(claim.owner);
    const { session, places, leftovers } = this.#around;
    const own = places.take(claim);
    if (own === undefined)
      return { released: "missing", votes: refused(session, claim, "missing") };
    const paths = own.nodes.map(({ path }) => path);
    const removal = await leftovers.remove({ session: own.session, paths: async () => paths });
    const outcome = outcomes[removal];
    if (outcome === "unknown") return { released: outcome, votes: session.faults() };
    const votes = outcome === "yes" ? granted(session) : refused(session, claim, outcome);
    return { released: outcome, votes };
  }

  async forceRelease(resource: string): Promise<ForcedRelease> {
    this.#throwIfClosed();
    const { session } = this.#around;
    const eviction = new Eviction(resource, this.#around);
    try {
      await session.run(this.#patienceMs, () => eviction.run());
      return { done: true, found: eviction.hasFound, votes: granted(session) };
    } catch (error) {
      return { done: false, found: eviction.hasFound, votes: faults(session, error, [resource]) };
    }
  }

  watch(resources: readonly string[], wake: () => void): Subscription {
    const { session, notices } = this.#around;
    return notices.subscribe(resources, wake, () => session.isConnected);
  }

  async inspect(resource: string): Promise<Inspection> {
    this.#throwIfClosed();
    const { session } = this.#around;
    const { promises } = this;
    try {
      const looking = (): ReturnType<typeof lookAt> => lookAt(resource, this.#around);
      return { ...(await session.run(this.#patienceMs, looking)), promises };
    } catch (error) {
      return { ...nothingKnown(resource, faults(session, error, [resource])), promises };
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#around.session.close();
  }

  async #acquire(claim: Claim, ttlMs: number): Promise<Attempt> {
    const { session } = this.#around;
    const attempt = new Try(claim, ttlMs, this.#around);
    try {
      const outcome = await session.run(this.#patienceMs, () => attempt.run());
      // What was granted or waits is removed by the release; what nobody knows of, here.
      if (claim.withdrawn && attempt.isInDoubt) await attempt.undo();
      return outcome;
    } catch (error) {
      claim.withdrawn = true;
      const undoing = attempt.undo();
      // Nobody waits for an ensemble that is away: it is told when it is back.
      if (error instanceof UnreachableError) undoing.catch(() => {});
      else await undoing;
      const votes = faults(session, error, claim.resources);
      return { granted: false, why: "unreachable", votes };
    }
  }

  #onChange(): void {
    const { session, notices, leftovers } = this.#around;
    notices.changed();
    if (session.isConnected) leftovers.resume();
  }

  #throwIfClosed(): void {
    if (this.#isClosed) throw new TypeError("this backend has been closed");
  }
}
