import type {
  Drawing,
  Ending,
  FencedResult,
  MarkKind,
  Outcome,
  UnfencedResult,
} from "./drawing.ts";
import type { SpanList } from "./span-list.ts";

/** A stretch of the run, in milliseconds since its beginning. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** All that can be drawn, pointed at and told. */
export type Thing = Operation | State | NodeMark | FaultFlag | Overlap;

export interface Operation extends Stretch {
  readonly kind: "operation";
  readonly client: number;
  readonly waitedUntil: number;
  readonly outcome: Outcome;
  readonly isShared: boolean;
  /** Places in the list of resources. */
  readonly resources: readonly number[];
  readonly error: string | undefined;
  readonly attempt: string;
  readonly grant: Grant | undefined;
  readonly beliefs: readonly Stretch[];
  readonly sections: readonly Section[];
  readonly marks: NodeMark[];
  /** Which of the lines of its lane it has. */
  track: number;
}

export interface Grant extends Stretch {
  readonly ending: Ending;
  readonly fencingToken: number | undefined;
  readonly votes: number | undefined;
  readonly quorum: number | undefined;
  readonly extensions: readonly { readonly at: number; readonly validUntil: number }[];
}

export interface Section extends Stretch {
  readonly resource: number;
  readonly fenced: FencedResult;
  readonly unfenced: UnfencedResult;
}

/** What a node did for an operation. */
export interface NodeMark extends Stretch {
  readonly kind: "mark";
  readonly node: number;
  readonly what: MarkKind;
  readonly reason: string | undefined;
  readonly operation: Operation;
}

/** A client, a node or a link that was not as usual. */
export interface State extends Stretch {
  readonly kind: "state";
  readonly state: string;
  readonly label: string;
  readonly about: string;
  readonly owner: string;
  track: number;
}

export interface FaultFlag extends Stretch {
  readonly kind: "fault";
  readonly about: string;
  readonly isHealing: boolean;
}

export interface Overlap extends Stretch {
  readonly kind: "overlap";
  /** Two guaranteed locks; else two that worked at once. */
  readonly isOfLocks: boolean;
  readonly resource: number;
  readonly first: Operation;
  readonly second: Operation;
}

export interface Client {
  readonly name: string;
  readonly operations: SpanList<Operation>;
  readonly states: SpanList<State>;
  readonly overlaps: SpanList<Overlap>;
  readonly trackCount: number;
}

export interface Node {
  readonly name: string;
  readonly url: string;
  readonly states: SpanList<State>;
  readonly links: SpanList<State>;
  readonly marks: SpanList<NodeMark>;
  readonly trackCount: number;
}

export interface Finding extends Stretch {
  readonly at: number;
  readonly message: string;
  readonly operations: readonly Operation[];
}

/** The whole run as the page has it. */
export interface Scene {
  readonly durationMs: number;
  readonly resources: readonly string[];
  readonly clients: readonly Client[];
  readonly nodes: readonly Node[];
  readonly faults: SpanList<FaultFlag>;
  readonly overlaps: SpanList<Overlap>;
  readonly findings: readonly Finding[];
  /** What all fencing tokens begin with, and nobody needs to read. */
  readonly tokenPrefix: string;
}

export type { Drawing };
