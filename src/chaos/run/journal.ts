import type { HistoryEvent } from "../../testing.ts";
import type { Footprint } from "../client/message.ts";
import type { ClientState, FaultNote, LinkSpan, NodeState, RequestSpan } from "../lane.ts";
import { Spans } from "./spans.ts";

/** Something that a client did not expect to be told, or that did not come to its end. */
export interface Trouble {
  readonly at: number;
  readonly client: string;
  readonly message: string;
}

/** A call that did not settle, although nothing was hurt any more and its process went on. */
export interface OpenCall {
  readonly client: string;
  /** Such as `acquire of r`. */
  readonly what: string;
  readonly from: number;
}

/** A call of acquire, of one client. */
export type NotedRequest = RequestSpan & { readonly client: string };

type Without<T> = Omit<T, "from" | "until">;

/** Everything that a run observes, as it comes in. Instants are milliseconds since it began. */
export class Journal {
  #originMs: number = monotonicMs();
  readonly events: HistoryEvent[] = [];
  readonly requests: NotedRequest[] = [];
  readonly faults: FaultNote[] = [];
  readonly troubles: Trouble[] = [];
  readonly unsettled: OpenCall[] = [];
  readonly footprints: (Footprint & { readonly client: string })[] = [];
  readonly clientStates: Spans<Without<ClientState> & { readonly client: string }> = new Spans();
  readonly nodeStates: Spans<Without<NodeState> & { readonly node: string }> = new Spans();
  readonly links: Spans<Without<LinkSpan>> = new Spans();
  /** How many commands each node has executed, as far as they were seen. */
  readonly commandCounts: Map<string, number> = new Map();

  /** When the run began, in milliseconds of the machine's monotonic clock. */
  get originMs(): number {
    return this.#originMs;
  }

  /** The run begins now: servers that take their time to start are up. */
  begin(): void {
    this.#originMs = monotonicMs();
  }

  now(): number {
    return monotonicMs() - this.#originMs;
  }

  note(event: HistoryEvent): void {
    this.events.push(event);
  }

  fault(fault: Omit<FaultNote, "at">): void {
    const at = this.now();
    this.faults.push({ at, ...fault });
    if (fault.isHealing) return;
    const [node] = fault.nodes;
    const [client] = fault.clients;
    this.note({
      type: "fault",
      at,
      kind: fault.kind,
      ...(node !== undefined && { node }),
      ...(client !== undefined && { client }),
    });
  }

  countCommand(node: string): void {
    this.commandCounts.set(node, (this.commandCounts.get(node) ?? 0) + 1);
  }
}

function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
