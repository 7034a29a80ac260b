import type { GrantSpan } from "../record.ts";
import type { Mark, Operation } from "./operation.ts";
import {
  endings,
  fencedResults,
  markKinds,
  outcomes,
  unfencedResults,
  type DrawnGrant,
  type DrawnMark,
  type DrawnOperation,
} from "./page/drawing.ts";

/** Milliseconds as whole microseconds. */
export function whole(ms: number): number {
  return Math.round(ms * 1_000);
}

/** Gives each different thing a number, in the order in which they come. */
export class Numbering<Thing> {
  readonly list: Thing[] = [];
  readonly #numbers = new Map<string, number>();

  of(thing: Thing): number {
    const key = JSON.stringify(thing);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.list.push(thing) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}

/** Makes operations small: codes for words, times from their beginning. */
export class OperationPacker {
  readonly words: Numbering<string> = new Numbering();
  readonly #wishes: Numbering<readonly number[]> = new Numbering();
  readonly #resources: Numbering<string>;
  readonly #nodes: ReadonlyMap<string, number>;
  readonly #isNamed: (attempt: string) => boolean;

  constructor(
    resources: Numbering<string>,
    nodes: ReadonlyMap<string, number>,
    isNamed: (attempt: string) => boolean,
  ) {
    this.#resources = resources;
    this.#nodes = nodes;
    this.#isNamed = isNamed;
  }

  get wishes(): readonly (readonly number[])[] {
    return this.#wishes.list;
  }

  packed(operation: Operation): DrawnOperation {
    const { from, request, grant, attempt } = operation;
    const since = (ms: number): number => whole(ms - from);
    const { outcome = "granted", error } = request ?? {};
    const asked = request ?? grant;
    const resources = asked?.resources ?? operation.sections.map(({ resource }) => resource);
    return [
      whole(from),
      request === undefined ? 0 : since(request.until),
      outcomes.indexOf(outcome),
      asked?.mode === "shared" ? 1 : 0,
      this.#wishes.of(resources.map((name) => this.#resources.of(name))),
      error === undefined ? -1 : this.words.of(error),
      this.#isNamed(attempt) ? attempt : "",
      grant === undefined ? 0 : packedGrant(grant, operation, since),
      operation.beliefs.map((span) => [since(span.from), whole(span.until - span.from)] as const),
      operation.sections.map((span) => {
        const results = [
          fencedResults.indexOf(span.fenced),
          unfencedResults.indexOf(span.unfenced),
        ];
        const [fenced = 0, unfenced = 0] = results;
        const resource = this.#resources.of(span.resource);
        return [
          since(span.from),
          whole(span.until - span.from),
          resource,
          fenced,
          unfenced,
        ] as const;
      }),
      operation.marks.map((mark) => this.#packedMark(mark, since)),
    ];
  }

  #packedMark({ at, node, kind, reason }: Mark, since: (ms: number) => number): DrawnMark {
    const word = reason === undefined ? -1 : this.words.of(reason);
    return [since(at), this.#nodes.get(node) ?? -1, markKinds.indexOf(kind), word];
  }
}

function packedGrant(
  grant: GrantSpan,
  { votes, quorum }: Operation,
  since: (ms: number) => number,
): DrawnGrant {
  return [
    since(grant.from),
    whole(grant.until - grant.from),
    endings.indexOf(grant.ending),
    grant.fencingToken ?? -1,
    votes,
    quorum,
    grant.extensions.map(({ at, validUntil }) => [since(at), since(validUntil)] as const),
  ];
}
