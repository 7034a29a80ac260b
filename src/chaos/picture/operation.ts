import type {
  BeliefSpan,
  ClientLane,
  GrantSpan,
  HistoryEvent,
  RequestSpan,
  RunRecord,
  SectionSpan,
  Span,
} from "../record.ts";
import type { MarkKind } from "./page/drawing.ts";
import { firstIndex } from "./page/search.ts";

/** One call of acquire and all that came of it, put together from the lane and the events. */
export interface Operation {
  readonly client: number;
  readonly request: RequestSpan | undefined;
  readonly attempt: string;
  from: number;
  until: number;
  grant: GrantSpan | undefined;
  votes: number;
  quorum: number;
  readonly beliefs: BeliefSpan[];
  readonly sections: SectionSpan[];
  readonly marks: Mark[];
}

/** What a node did for it. */
export interface Mark {
  readonly at: number;
  readonly node: string;
  readonly kind: MarkKind;
  readonly reason: string | undefined;
}

/** The operations of a run. */
export class Operations {
  /** Client by client, in the order of their beginnings. */
  readonly lanes: readonly Operation[][];
  readonly #byAttempt = new Map<string, Operation>();

  constructor({ clients, events }: RunRecord) {
    this.lanes = clients.map((lane, client) => this.#laneOf(lane, client));
    const lanes = new Map(clients.map(({ name }, index) => [name, this.lanes[index] ?? []]));
    for (const event of events) {
      if (event.type === "invoke")
        this.#nameFailed(event.attempt, event.at, lanes.get(event.client));
    }
    for (const event of events) this.#note(event);
  }

  of(attempt: string): Operation | undefined {
    return this.#byAttempt.get(attempt);
  }

  #laneOf({ requests, grants, beliefs, sections }: ClientLane, client: number): Operation[] {
    const lane: Operation[] = [];
    const open = (request: RequestSpan | undefined, attempt: string, span: Span): Operation => {
      const { from, until } = span;
      const parts = { grant: undefined, beliefs: [], sections: [], marks: [] };
      const operation = { client, request, attempt, from, until, votes: -1, quorum: -1, ...parts };
      lane.push(operation);
      if (attempt !== "") this.#byAttempt.set(attempt, operation);
      return operation;
    };
    /** Of a part, as long as the part at least. */
    const whole = (part: Span & { readonly attempt: string }): Operation => {
      const operation = this.#byAttempt.get(part.attempt) ?? open(undefined, part.attempt, part);
      operation.from = Math.min(operation.from, part.from);
      operation.until = Math.max(operation.until, part.until);
      return operation;
    };
    for (const request of requests) open(request, request.attempt ?? "", request);
    for (const grant of grants) whole(grant).grant = grant;
    for (const belief of beliefs) whole(belief).beliefs.push(belief);
    for (const section of sections) whole(section).sections.push(section);
    return lane.toSorted((a, b) => a.from - b.from);
  }

  /** An attempt that was not granted belongs to what its client asked for at that time. */
  #nameFailed(attempt: string, at: number, lane: readonly Operation[] = []): void {
    if (this.#byAttempt.has(attempt)) return;
    const operation = lane[firstIndex(lane, ({ from }) => from > at) - 1];
    if (operation?.request === undefined || operation.request.until < at) return;
    this.#byAttempt.set(attempt, operation);
  }

  #note(event: HistoryEvent): void {
    if (!("attempt" in event)) return;
    const operation = this.#byAttempt.get(event.attempt);
    if (operation === undefined) return;
    if (event.type === "granted") {
      operation.votes = event.votes;
      operation.quorum = event.quorum;
    }
    const kind = markKindOf(event);
    if (kind === undefined || !("node" in event)) return;
    const reason = event.type === "refusal" ? event.reason : undefined;
    operation.marks.push({ at: event.at, node: event.node, kind, reason });
  }
}

/** Undefined for what is not drawn at a node; releases are as they should be. */
function markKindOf(event: HistoryEvent): MarkKind | undefined {
  if (event.type === "vote") return event.isQuarantined ? "quarantined vote" : "vote";
  if (event.type === "refusal" || event.type === "leftover") return event.type;
  return event.type === "drop" && event.kind !== "release" ? event.kind : undefined;
}
