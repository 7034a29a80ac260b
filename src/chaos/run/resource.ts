import type { Use } from "../client/message.ts";
import type { SectionSpan } from "../lane.ts";
import type { Journal } from "./journal.ts";

/** What a write leaves: all that it was based on stays in it, all else is lost. */
interface Version {
  readonly parent: Version | undefined;
  readonly section: number;
}

/** One protected thing: a set to which every section adds itself, by reading and writing it back. */
interface Thing {
  current: Version | undefined;
  highestToken: number;
}

interface Section extends Use {
  readonly from: number;
  readonly client: string;
  /** What was read from each twin; undefined where the claim was refused. */
  readonly fencedBase: { readonly version: Version | undefined } | undefined;
  readonly unfencedBase: Version | undefined;
}

export interface Outcome extends SectionSpan {
  readonly client: string;
  readonly isWriter: boolean;
}

/** What the lock protects, twice: one looks at fencing tokens, the other at nothing. Its order counts. */
export class Resource {
  readonly #journal: Journal;
  readonly #fenced = new Map<string, Thing>();
  readonly #unfenced = new Map<string, Thing>();
  readonly #open = new Map<number, Section>();
  /** Sections whose write was acknowledged, by the name of the thing. */
  readonly #acknowledged = new Map<string, { fenced: Set<number>; unfenced: Set<number> }>();
  readonly outcomes: Outcome[] = [];
  #count = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Claims, and reads. Resolves to the section. */
  begin(client: string, use: Use): number {
    const section = this.#count++;
    const isClaimed = use.mode === "shared" || this.#fencedWrite(use);
    this.#open.set(section, {
      ...use,
      client,
      from: this.#journal.now(),
      fencedBase: isClaimed ? { version: thing(this.#fenced, use.resource).current } : undefined,
      unfencedBase: thing(this.#unfenced, use.resource).current,
    });
    return section;
  }

  /** Writes what was read and itself, to both. */
  end(section: number, writes: boolean): void {
    const open = this.#open.get(section);
    if (open === undefined) return;
    this.#open.delete(section);
    const isWriter = open.mode === "exclusive" && writes;
    if (!isWriter) {
      this.#finish(open, { fenced: "unfinished", unfenced: "unfinished" }, false);
      return;
    }
    const fenced = this.#writeFenced(section, open);
    const unfenced = this.#writeUnfenced(section, open);
    this.#finish(open, { fenced, unfenced }, true);
  }

  /** Those of a client that is gone. */
  abandon(client: string): void {
    for (const [section, open] of this.#open) if (open.client === client) this.end(section, false);
  }

  /** Acknowledged writes that are not there any more, by resource. */
  lost(twin: "fenced" | "unfenced"): ReadonlyMap<string, number> {
    const things = twin === "fenced" ? this.#fenced : this.#unfenced;
    const lost = new Map<string, number>();
    for (const [name, acknowledged] of this.#acknowledged) {
      let kept = 0;
      let version = thing(things, name).current;
      for (; version !== undefined; version = version.parent) kept++;
      lost.set(name, acknowledged[twin].size - kept);
    }
    return lost;
  }

  #writeFenced(section: number, open: Section): Outcome["fenced"] {
    if (open.fencingToken === undefined) return "untokened";
    if (open.fencedBase === undefined || !this.#fencedWrite(open)) return "refused";
    thing(this.#fenced, open.resource).current = { parent: open.fencedBase.version, section };
    this.#acknowledge(open.resource).fenced.add(section);
    return "accepted";
  }

  #writeUnfenced(section: number, open: Section): Outcome["unfenced"] {
    const place = thing(this.#unfenced, open.resource);
    const isFine = place.current === open.unfencedBase;
    place.current = { parent: open.unfencedBase, section };
    this.#acknowledge(open.resource).unfenced.add(section);
    return isFine ? "fine" : "overwrote";
  }

  /** Whether the fenced one takes a claim or a write with this token. */
  #fencedWrite({ attempt, resource, fencingToken }: Use): boolean {
    if (fencingToken === undefined) return false;
    const place = thing(this.#fenced, resource);
    const accepted = fencingToken >= place.highestToken;
    if (accepted) place.highestToken = fencingToken;
    const at = this.#journal.now();
    this.#journal.note({ type: "write", at, attempt, resource, fencingToken, accepted });
    return accepted;
  }

  #acknowledge(resource: string): { fenced: Set<number>; unfenced: Set<number> } {
    const known = this.#acknowledged.get(resource);
    if (known !== undefined) return known;
    const fresh = { fenced: new Set<number>(), unfenced: new Set<number>() };
    this.#acknowledged.set(resource, fresh);
    return fresh;
  }

  #finish(
    { client, attempt, resource, from, fencingToken }: Section,
    what: Pick<SectionSpan, "fenced" | "unfenced">,
    isWriter: boolean,
  ): void {
    const until = this.#journal.now();
    const token = fencingToken === undefined ? {} : { fencingToken };
    this.outcomes.push({ client, attempt, resource, from, until, ...token, ...what, isWriter });
  }
}

function thing(things: Map<string, Thing>, name: string): Thing {
  const known = things.get(name);
  if (known !== undefined) return known;
  const fresh: Thing = { current: undefined, highestToken: 0 };
  things.set(name, fresh);
  return fresh;
}
