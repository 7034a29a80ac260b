import type { Mode } from "../../index.ts";
import type { NodeEvent } from "../../redis.ts";
import type { HistoryEvent } from "../../testing.ts";
import type { Authority } from "../authority.ts";
import type { RequestSpan } from "../lane.ts";
import type { Wish } from "../schedule/step.ts";

/** What a client is started with. */
export interface ClientOrders {
  /** `A`, `B`, … */
  readonly name: string;
  readonly adapter: AdapterName;
  readonly authority: Authority;
  /** The URL of the folder with the library's build: that of this package, or a broken copy of it. */
  readonly build: string;
  /** The file from whose folder the packages of peers are looked for. */
  readonly peers: string;
  readonly urls: readonly string[];
  /** When the run began, in milliseconds of the machine's monotonic clock. */
  readonly originMs: number;
  readonly ttlMs: number;
  /** For the adapter: what the system is set to. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly work: WorkOrders;
  /** Where the clocks of this process are moved, if they can be. */
  readonly clockPath?: string;
}

/** What a client does when it works by itself. */
export interface WorkOrders {
  readonly seed: number;
  readonly resources: readonly string[];
  readonly modes: readonly Mode[];
  readonly takesSeveral: boolean;
  /** The longest that it holds a lock and that it rests between two, in milliseconds. */
  readonly longestHoldMs: number;
  readonly longestRestMs: number;
  readonly waitMs: number;
}

export type AdapterName =
  "quorumlock" | "plain" | "redlock" | "redis-semaphore" | "redlock-universal" | "recipe";

/** What the harness tells a client. */
export type Order =
  | { readonly kind: "ask"; readonly wish: Wish }
  | { readonly kind: "enter" | "leave" | "extend" | "release"; readonly order: number }
  | { readonly kind: "work" | "rest" | "end" }
  | { readonly kind: "stall"; readonly ms: number }
  /** The answer to `use` and `done`: the section. */
  | { readonly kind: "answer"; readonly call: number; readonly section: number };

/** What a client tells the harness. Instants are milliseconds since the run began. */
export type ClientMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "event"; readonly event: HistoryEvent }
  | { readonly kind: "asked"; readonly request: number; readonly span: AskedSpan }
  | { readonly kind: "settled"; readonly request: number; readonly span: RequestSpan }
  | { readonly kind: "node"; readonly at: number; readonly event: NodeEvent }
  /** It begins to use the resource, or is done with it. */
  | { readonly kind: "use"; readonly call: number; readonly use: Use }
  | {
      readonly kind: "done";
      readonly call: number;
      readonly section: number;
      readonly writes: boolean;
    }
  | { readonly kind: "carriedOut"; readonly order: number }
  /** What it has open and in memory: when it began, and before it ends. */
  | { readonly kind: "footprint"; readonly footprint: Footprint }
  /** It has the answer to what it was told to ask for. */
  | { readonly kind: "answered" }
  /** It has finished what it did, and does nothing more by itself. */
  | { readonly kind: "idle" }
  /** Something that nobody caught. */
  | { readonly kind: "trouble"; readonly at: number; readonly message: string };

export interface Footprint {
  /** What is in use after a collection of garbage. */
  readonly heapBytes: number;
  readonly sockets: number;
  readonly timers: number;
}

export type AskedSpan = Pick<RequestSpan, "from" | "resources" | "mode">;

export interface Use {
  readonly attempt: string;
  readonly resource: string;
  readonly mode: Mode;
  readonly fencingToken: number | undefined;
}
