import fc from "fast-check";
import type { HistoryEvent } from "../../src/testing.ts";

/** Something that happens next; which of those whom it may happen to is up to chance. */
export interface Step {
  readonly what: (typeof deeds)[number];
  readonly which: number;
  readonly who: number;
  readonly afterMs: number;
  /** What goes wrong, if this history is one in which things go wrong: mostly nothing. */
  readonly flaw: number;
}

const deeds = [
  "invoke",
  "vote",
  "grant",
  "extend",
  "release",
  "lose",
  "believe",
  "write",
  "steal",
  "fault",
] as const;

/** Chances of each deed, so that locks come into being more often than they are harmed. */
const weights = [8, 9, 9, 7, 5, 1, 3, 4, 1, 2];
const bag = deeds.flatMap((deed, index) => Array<typeof deed>(weights[index]!).fill(deed));
/** Without a flaw, and with each of eight. */
const flaws = [...Array<number>(12).fill(0), 1, 2, 3, 4, 5, 6, 7, 8];

export const step: fc.Arbitrary<Step> = fc.record({
  what: fc.oneof(
    ...deeds.map((deed, index) => ({ weight: weights[index]!, arbitrary: fc.constant(deed) })),
  ),
  which: fc.nat(11),
  who: fc.nat(2),
  afterMs: fc.constantFrom(0, 1, 1, 2, 4, 9),
  flaw: fc.constantFrom(...flaws),
});

/** The same from a source of numbers from 0 to 1. */
export function stepFrom(next: () => number, clients: number): Step {
  const below = (count: number): number => Math.floor(next() * count);
  return {
    what: bag[below(bag.length)]!,
    which: below(12),
    who: below(clients),
    afterMs: next() * 0.5,
    flaw: 0,
  };
}

interface Actor {
  readonly attempt: string;
  readonly client: string;
  readonly resources: readonly string[];
  readonly mode: "exclusive" | "shared";
  token: number;
  /** The highest that was voted for with it. */
  lastToken: number;
  /** By which attempt nodes know it. */
  slot: string;
  startedAt: number;
  validUntil: number;
  /** Until when nodes keep its slots; 0 when they have none. */
  slotUntil: number;
  isRobbed: boolean;
  state: "asked" | "voted" | "held" | "over";
}

const ttlMs = 30;
const driftMs = 2;
const nodes = ["n0", "n1", "n2"];

/** Writes a history. Without flaws it is that of a lock as it should be. */
export class Scene {
  readonly events: HistoryEvent[] = [];
  readonly #resources: readonly string[];
  /** Those to whom something may still happen, the latest few. */
  #actors: Actor[] = [];
  readonly #written = new Map<string, number>();
  #at = 0;
  #count = 0;
  #token = 0;

  constructor(resources: readonly string[]) {
    this.#resources = resources;
  }

  play({ what, which, who, afterMs, flaw }: Step): void {
    this.#at += afterMs;
    const pick = (...states: Actor["state"][]): Actor | undefined => {
      const able = this.#actors.filter(({ state }) => states.includes(state));
      return able[which % Math.max(1, able.length)];
    };
    if (what === "invoke") this.#invoke(which, who);
    else if (what === "fault") this.#add({ type: "fault", at: this.#at, kind: "stop", node: "n0" });
    else if (what === "vote" || what === "steal") {
      const actor = pick("asked");
      if (actor !== undefined) this.#vote(actor, which, flaw, what === "steal");
    } else if (what === "grant") {
      const actor = pick("voted");
      if (actor !== undefined) this.#grant(actor, flaw);
    } else {
      const actor = flaw === 1 ? pick("held", "over") : pick("held");
      if (actor === undefined || actor.validUntil === 0) return;
      if (what === "extend") this.#extend(actor, flaw);
      else if (what === "release") this.#release(actor, which, flaw);
      else if (what === "lose") this.#lose(actor);
      else if (what === "believe") this.#believe(actor, flaw);
      else this.#write(actor, which, flaw);
    }
  }

  #add(event: HistoryEvent): void {
    this.events.push(event);
  }

  #invoke(which: number, who: number): void {
    const first = this.#resources[(which + this.#count) % this.#resources.length]!;
    const second = this.#resources[(which + this.#count + 1) % this.#resources.length]!;
    const resources = which % 4 === 0 ? [first, second] : [first];
    const mode = which % 3 === 0 ? "shared" : "exclusive";
    const [attempt, client] = [`a${this.#count++}`, `c${who}`];
    this.#add({ type: "invoke", at: this.#at, attempt, client, resources, mode });
    const none = { token: 0, lastToken: 0, startedAt: 0, validUntil: 0, slotUntil: 0 };
    const state = { slot: attempt, isRobbed: false, state: "asked" as const };
    this.#actors.push({ attempt, client, resources, mode, ...none, ...state });
    if (this.#actors.length > 12) {
      const isGone = ({ state, slotUntil }: Actor): boolean =>
        slotUntil < this.#at - ttlMs && state !== "asked" && state !== "voted";
      this.#actors = this.#actors.filter((actor) => !isGone(actor));
    }
  }

  #inTheWayOf(actor: Actor): Actor[] {
    return this.#actors.filter(
      (other) =>
        other !== actor &&
        other.slotUntil >= this.#at &&
        (actor.mode === "exclusive" || other.mode === "exclusive") &&
        other.resources.some((resource) => actor.resources.includes(resource)),
    );
  }

  #vote(actor: Actor, which: number, flaw: number, isThief: boolean): void {
    const { attempt } = actor;
    const others = this.#inTheWayOf(actor);
    if (others.length > 0 && !isThief && flaw !== 1 && flaw !== 5) {
      this.#add({ type: "refusal", at: this.#at, node: "n0", attempt, reason: "held" });
      this.#add({ type: "failed", at: this.#at, attempt });
      actor.state = "over";
      return;
    }
    if (isThief) {
      for (const other of others) {
        this.#dropAll(other, which % 2 === 0 ? "steal" : "force", attempt);
        other.isRobbed = true;
        if (other.state === "voted") {
          this.#add({ type: "failed", at: this.#at, attempt: other.attempt });
          other.state = "over";
        }
      }
    }
    const lower = Math.max(1, this.#token - (flaw === 3 ? 1 : 0));
    actor.token = flaw === 2 || flaw === 3 ? lower : ++this.#token;
    const canHandOn = actor.mode === "exclusive" && actor.resources.length === 1;
    actor.lastToken = actor.token + (canHandOn ? which % 3 : 0);
    this.#token = Math.max(this.#token, actor.lastToken);
    actor.startedAt = this.#at;
    actor.slotUntil = this.#at + ttlMs;
    actor.state = "voted";
    this.#voteAt([nodes[which % 3]!, nodes[(which + 1) % 3]!], actor, flaw === 4);
  }

  #voteAt(voters: readonly string[], actor: Actor, isQuarantined: boolean): void {
    const { slot: attempt, mode, lastToken: fencingToken } = actor;
    for (const node of voters) {
      for (const resource of actor.resources) {
        const vote = { node, attempt, resource, mode, fencingToken, isQuarantined };
        this.#add({ type: "vote", at: this.#at, ...vote });
      }
    }
  }

  #grant(actor: Actor, flaw: number): void {
    const { attempt, token: fencingToken } = actor;
    const isForgotten = actor.slotUntil === 0;
    actor.validUntil = actor.startedAt + ttlMs - driftMs;
    if (flaw === 1) actor.validUntil += ttlMs;
    if ((this.#at >= actor.validUntil || isForgotten) && flaw !== 2) {
      actor.validUntil = 0;
      this.#add({ type: "failed", at: this.#at, attempt });
      this.#dropAll(actor, "release", attempt);
      actor.state = "over";
      return;
    }
    const { validUntil } = actor;
    const startedAt = actor.startedAt + (flaw === 5 ? 3 : 0);
    const votes = flaw === 6 ? 1 : 2;
    const given = { fencingToken, validUntil, votes, quorum: 2, startedAt };
    const { lastToken } = actor;
    const range = lastToken === fencingToken ? {} : { lastToken };
    this.#add({ type: "granted", at: this.#at, attempt, ...given, ...range });
    // Its nodes let others in while it is still valid.
    if (flaw === 3 || flaw === 7 || flaw === 8) actor.slotUntil = this.#at - 1;
    actor.state = "held";
  }

  #extend(actor: Actor, flaw: number): void {
    const { attempt } = actor;
    const isOver = actor.isRobbed || this.#at >= actor.validUntil;
    if (isOver && flaw !== 1) return;
    this.#add({ type: "extending", at: this.#at, attempt });
    this.#voteAt(flaw === 4 ? ["n2"] : nodes, actor, flaw === 4);
    // The next one may get it before it hears of its own luck.
    actor.slotUntil = this.#at + (flaw === 3 || flaw === 5 || flaw === 7 ? -1 : ttlMs);
    actor.validUntil = Math.max(actor.validUntil, this.#at + ttlMs - driftMs);
    this.#add({ type: "extended", at: this.#at, attempt, validUntil: actor.validUntil });
  }

  #release(actor: Actor, which: number, flaw: number): void {
    const { attempt } = actor;
    this.#add({ type: "releasing", at: this.#at, attempt });
    actor.state = "over";
    if (this.#handOn(actor, which, flaw)) return;
    if (flaw === 2 || flaw === 3) {
      const resource = actor.resources[0]!;
      const slot = { node: "n1", resource, attempt, until: this.#at + 1000 };
      this.#add({ type: "leftover", at: this.#at, ...slot });
    }
    const by = flaw === 4 || flaw === 5 ? `a${which}` : actor.slot;
    this.#dropAll(actor, "release", by);
  }

  /** To one of the same client that was asking since before the vote, if there is a token left. */
  #handOn(from: Actor, which: number, flaw: number): boolean {
    const { client, resources, mode, startedAt, slot, validUntil, isRobbed } = from;
    const isOver = (!isRobbed && from.slotUntil < this.#at) || this.#at >= validUntil;
    if (from.token >= from.lastToken || which % 2 === 0 || (isOver && flaw === 0)) return false;
    const attempt = `a${this.#count++}`;
    const fencingToken = from.token + (flaw === 2 ? 0 : 1);
    const askedAt = startedAt - 1 + (flaw === 7 ? 20 : 0);
    this.#add({ type: "invoke", at: this.#at, attempt, client, resources, mode });
    const given = { fencingToken, validUntil, votes: 2, quorum: 2, startedAt: this.#at };
    const handedOn = { wonBy: slot, askedAt };
    this.#add({ type: "granted", at: this.#at, attempt, ...given, handedOn });
    const to = { ...from, attempt, slot, token: fencingToken, state: "held" as const };
    this.#actors.push(to);
    from.slotUntil = 0;
    return true;
  }

  #lose(actor: Actor): void {
    const { attempt } = actor;
    this.#add({ type: "lost", at: this.#at, attempt });
    this.#dropAll(actor, "release", actor.slot);
    actor.state = "over";
  }

  #believe(actor: Actor, flaw: number): void {
    const isHeld = actor.state === "held" && this.#at < actor.validUntil;
    const held = flaw > 0 || isHeld;
    this.#add({ type: "belief", at: this.#at, attempt: actor.attempt, held });
  }

  #write(actor: Actor, which: number, flaw: number): void {
    const { attempt } = actor;
    const resource = actor.resources[which % actor.resources.length]!;
    const highest = this.#written.get(resource) ?? 0;
    const fencingToken = actor.token + (flaw === 2 ? 1 : 0);
    const accepted = fencingToken >= highest || flaw === 1 || flaw === 3;
    if (accepted) this.#written.set(resource, Math.max(highest, fencingToken));
    this.#add({ type: "write", at: this.#at, resource, attempt, fencingToken, accepted });
  }

  #dropAll(actor: Actor, kind: "release" | "steal" | "force", by: string): void {
    if (actor.slotUntil < this.#at) return;
    actor.slotUntil = 0;
    for (const node of nodes) {
      for (const resource of actor.resources) {
        const drop = { node, resource, attempt: actor.slot, by, kind };
        this.#add({ type: "drop", at: this.#at, ...drop });
      }
    }
  }
}

/** The history that these steps make. */
export function historyOf(steps: readonly Step[], isFlawed: boolean): readonly HistoryEvent[] {
  const scene = new Scene(["x", "y"]);
  for (const each of steps) scene.play(isFlawed ? each : { ...each, flaw: 0 });
  return scene.events;
}
