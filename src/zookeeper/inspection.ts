import type { Inspection, NodeHolder, NodeReport } from "../core/inspection.ts";
import type { UnknownVote } from "../core/vote.ts";
import { fencingTokenOf } from "./fencing-token.ts";
import { decodeRecord, holderInfo } from "./holder-record.ts";
import { currentPlaces, queuePath } from "./queue-znode.ts";
import { read } from "./request.ts";
import type { Surroundings } from "./surroundings.ts";
import { holders } from "./waiting-line.ts";
import type { Place } from "./znode-name.ts";
import { errorCode, hasCode } from "./zookeeper-error.ts";

type Findings = Omit<Inspection, "promises">;

/** Who is at the front of the queue of a resource. */
export async function lookAt(resource: string, around: Surroundings): Promise<Findings> {
  const { session, layout } = around;
  const places = holders(await currentPlaces(session, layout, resource));
  const reading = places.map((place) => lookAtHolder(place, resource, around));
  const found = (await Promise.all(reading)).filter((holder) => holder !== undefined);
  const node = session.serverName;
  const fencingToken = Math.max(0, ...found.map((holder) => holder.fencingToken));
  const state = found.length === 0 ? "free" : "held";
  const report: NodeReport = {
    node,
    answer: state,
    holders: found,
    fencingToken,
    votesInMs: 0,
    why: "",
  };
  const reports = found.map((holder) => ({ ...holder, nodes: [node] }));
  return { resource, state, fencingToken, holders: reports, nodes: [report] };
}

/** Nobody could be asked. */
export function nothingKnown(resource: string, faults: readonly UnknownVote[]): Findings {
  const nodes = faults.map(({ node, reason, message }): NodeReport => {
    return { node, answer: "unknown", reason, message };
  });
  return { resource, state: "undecided", fencingToken: 0, holders: [], nodes };
}

async function lookAtHolder(
  place: Place,
  resource: string,
  { session, layout }: Surroundings,
): Promise<NodeHolder | undefined> {
  try {
    const { data, stat } = await session.send(read(`${queuePath(layout, resource)}/${place.name}`));
    const record = decodeRecord(data);
    return {
      ...holderInfo(record, place.mode),
      fencingToken: fencingTokenOf(stat.modified),
      // So long it stands if its process is not heard of from now on.
      remainingMs: record.sessionTimeoutMs,
    };
  } catch (error) {
    if (hasCode(error, errorCode.noNode)) return undefined;
    throw error;
  }
}
