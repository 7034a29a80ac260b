import type { ClientState, NodeState, RunRecord } from "../record.ts";
import { linksOf } from "./link.ts";
import { Operations, type Operation } from "./operation.ts";
import { overlapsOf, type Overlap } from "./overlap.ts";
import type {
  DrawnClient,
  DrawnFinding,
  DrawnNode,
  DrawnOverlap,
  DrawnState,
  Drawing,
  OperationPlace,
} from "./page/drawing.ts";
import { duration } from "./page/wording.ts";
import { Numbering, OperationPacker, whole } from "./pack.ts";
import { selectionOf } from "./selection.ts";

export interface DrawnRun {
  readonly drawing: Drawing;
  readonly operationCount: number;
  readonly lockOverlapCount: number;
  readonly sectionOverlapCount: number;
  /** What the drawing does not show. */
  readonly leftOut: readonly string[];
}

/** What a page needs to draw a run, with so many operations at most. */
export function drawingOf(record: RunRecord, mostOperations: number): DrawnRun {
  const operations = new Operations(record);
  const overlaps = overlapsOf(operations.lanes);
  const selection = selectionOf(record, operations, overlaps, mostOperations);
  const places = new Map<Operation, OperationPlace>();
  for (const lane of selection.lanes) {
    for (const [index, each] of lane.entries()) places.set(each, [each.client, index]);
  }
  const resources = new Numbering<string>();
  for (const name of record.settings.resources) resources.of(name);
  const nodes = new Map(record.nodes.map(({ name }, index) => [name, index]));
  const isNamed = namedOf(record, selection.areAttemptsNamed);
  const packer = new OperationPacker(resources, nodes, isNamed);
  const drawing = {
    duration: whole(record.durationMs),
    clients: clientsOf(record, selection.lanes, packer),
    overlaps: drawnOverlaps(overlaps, places, resources),
    nodes: nodesOf(record),
    faults: record.faults.map(({ at, about, isHealing }) => ({ at: whole(at), about, isHealing })),
    findings: findingsOf(record, operations, places),
    resources: resources.list,
    wishes: packer.wishes,
    words: packer.words.list,
  };
  return {
    drawing,
    leftOut: selection.leftOut,
    operationCount: operations.lanes.reduce((sum, lane) => sum + lane.length, 0),
    lockOverlapCount: overlaps.filter(({ kind }) => kind === "locks").length,
    sectionOverlapCount: overlaps.filter(({ kind }) => kind === "sections").length,
  };
}

function clientsOf(
  { clients }: RunRecord,
  lanes: readonly (readonly Operation[])[],
  packer: OperationPacker,
): DrawnClient[] {
  return clients.map(({ name, states }, index) => {
    const operations = (lanes[index] ?? []).map((each) => packer.packed(each));
    return { name, operations, states: states.map(stateOf) };
  });
}

function drawnOverlaps(
  overlaps: readonly Overlap[],
  places: ReadonlyMap<Operation, OperationPlace>,
  resources: Numbering<string>,
): DrawnOverlap[] {
  return overlaps.flatMap(({ kind, resource, first, second, from, until }) => {
    const [a, b] = [places.get(first), places.get(second)];
    if (a === undefined || b === undefined) return [];
    const span = { from: whole(from), until: whole(until) };
    return [{ kind, ...span, resource: resources.of(resource), first: a, second: b }];
  });
}

/** Which attempts keep their names. */
function namedOf({ verdict }: RunRecord, areAllNamed: boolean): (attempt: string) => boolean {
  const named = new Set(verdict.findings.flatMap(({ attempts }) => attempts));
  return (attempt) => areAllNamed || named.has(attempt);
}

function findingsOf(
  { verdict }: RunRecord,
  operations: Operations,
  places: ReadonlyMap<Operation, OperationPlace>,
): DrawnFinding[] {
  return verdict.findings.map(({ span, at, message, attempts }) => {
    const found = attempts.flatMap((attempt) => {
      const operation = operations.of(attempt);
      const place = operation === undefined ? undefined : places.get(operation);
      return place === undefined ? [] : [place];
    });
    const times = { from: whole(span.from), until: whole(span.until), at: whole(at) };
    return { ...times, message, operations: found };
  });
}

function nodesOf({ nodes, links, clients }: RunRecord): DrawnNode[] {
  return nodes.map(({ name, url, states }) => {
    const ways = links.filter(({ node }) => node === name);
    return { name, url, states: states.map(stateOf), links: linksOf(ways, clients.length) };
  });
}

function stateOf(span: ClientState | NodeState): DrawnState {
  const { from, until, state, about } = span;
  const offset = "clockOffsetMs" in span ? (span.clockOffsetMs ?? 0) : 0;
  const sign = offset < 0 ? "\u2212" : "+";
  const far = Math.abs(offset) >= 1 ? `clock ${sign}${duration(Math.abs(offset))}` : about;
  const label = state === "clock" ? far : state;
  return { from: whole(from), until: whole(until), state, label, about };
}
