import type { DrawnState, Drawing } from "./drawing.ts";
import type { Client, NodeMark, Node, Operation, Overlap, Scene, State } from "./scene.ts";
import { layTracks, SpanList } from "./span-list.ts";
import { operationOf } from "./unpack.ts";

const mostTracks = 4;
const shownDigits = 6;

/** What is drawn, from what lies in the file. */
export function sceneOf(drawing: Drawing): Scene {
  const lanes = drawing.clients.map(({ operations }, client) =>
    operations.map((row) => operationOf(row, client, drawing)),
  );
  const place = ([client, index]: readonly [number, number]): Operation =>
    lanes[client]?.[index] as Operation;
  const overlaps = drawing.overlaps.map(
    ({ from, until, kind, resource, first, second }): Overlap => ({
      kind: "overlap",
      from: from / 1_000,
      until: until / 1_000,
      isOfLocks: kind === "locks",
      resource,
      first: place(first),
      second: place(second),
    }),
  );
  return {
    durationMs: drawing.duration / 1_000,
    resources: drawing.resources,
    clients: drawing.clients.map((_, index) =>
      clientOf(drawing, index, lanes[index] ?? [], overlaps),
    ),
    nodes: nodesOf(drawing, lanes.flat()),
    faults: new SpanList(
      drawing.faults.map(({ at, about, isHealing }) => {
        return { kind: "fault", from: at / 1_000, until: at / 1_000, about, isHealing };
      }),
    ),
    overlaps: new SpanList(overlaps),
    findings: drawing.findings.map(({ from, until, at, message, operations }) => {
      const times = { from: from / 1_000, until: until / 1_000, at: at / 1_000 };
      return { ...times, message, operations: operations.map(place) };
    }),
    tokenPrefix: prefixOf(lanes.flat()),
  };
}

function clientOf(
  { clients }: Drawing,
  index: number,
  operations: readonly Operation[],
  overlaps: readonly Overlap[],
): Client {
  const { name = "", states = [] } = clients[index] ?? {};
  return {
    name,
    trackCount: layTracks(operations, mostTracks),
    operations: new SpanList(operations),
    states: new SpanList(statesOf(states, name)),
    overlaps: new SpanList(
      overlaps.filter(({ first, second }) => first.client === index || second.client === index),
    ),
  };
}

function nodesOf({ nodes }: Drawing, operations: readonly Operation[]): Node[] {
  const marks = nodes.map((): NodeMark[] => []);
  for (const operation of operations) {
    for (const mark of operation.marks) marks[mark.node]?.push(mark);
  }
  return nodes.map(({ name, url, states, links }, index) => {
    const drawn = statesOf(states, name);
    const trackCount = layTracks(drawn.filter(isNotable), mostTracks);
    return {
      name,
      url,
      trackCount,
      states: new SpanList(drawn),
      links: new SpanList(statesOf(links, name)),
      marks: new SpanList(marks[index] ?? []),
    };
  });
}

/** That a node is up is the ground on which the rest is drawn. */
function isNotable({ state }: State): boolean {
  return state !== "up";
}

function statesOf(states: readonly DrawnState[], owner: string): State[] {
  return states.map(({ from, until, state, label, about }) => {
    const times = { from: from / 1_000, until: until / 1_000 };
    return { kind: "state", ...times, state, label, about, owner, track: 0 };
  });
}

/** What the smallest and the largest token begin with, but for the last digits. */
function prefixOf(operations: readonly Operation[]): string {
  let [low, high] = [Infinity, -Infinity];
  for (const { grant } of operations) {
    low = Math.min(low, grant?.fencingToken ?? low);
    high = Math.max(high, grant?.fencingToken ?? high);
  }
  const [first, last] = [String(low), String(high)];
  if (high < 0 || first.length !== last.length) return "";
  let length = 0;
  while (length < first.length - shownDigits && first[length] === last[length]) length++;
  return length < 3 ? "" : first.slice(0, length);
}
