import type { Claim, Mode } from "../core/claim.ts";
import type { NodeHolder } from "../core/inspection.ts";
import { refusal, type HolderInfo, type RefusalReason } from "../core/vote.ts";
import { NodeError, type NodeAnswer } from "../quorum/lock-node.ts";
import { byFencingToken } from "../quorum/inspection.ts";
import { NoVote } from "../quorum/no-vote.ts";

const granted: NodeAnswer = { vote: "granted" };

/**
 * What a script that votes answers: its time in microseconds, less than 0 when others wait, or 1; or why
 * it refuses and for which of the keys.
 *
 * @throws {NoVote}
 */
export function answerOf(reply: unknown, resources: readonly string[]): NodeAnswer {
  if (reply === 1) return granted;
  if (typeof reply === "number" && reply > 1_000_000) return { vote: "granted", clockUs: reply };
  if (typeof reply === "number" && reply < 0) {
    return { vote: "granted", clockUs: -reply, isAwaited: true };
  }
  const [index, reason, highest, clock, freeInMs, mode, owner, who] = listOf(reply);
  if (index === 0) throw new NoVote(String(reason) === "waiting" ? Number(highest) : undefined);
  const resource = resources[Number(index) - 1] ?? "";
  const why = String(reason) as RefusalReason;
  if (highest === undefined) return refusal(why, resource);
  // An extension does not look for it, when it is its time that does not fit.
  const known = highest === null ? {} : { fencingToken: Number(highest) };
  const clockUs = Number(clock);
  if (freeInMs === undefined) return { clockUs, ...refusal(why, resource, known) };
  const details = { freeInMs: Number(freeInMs), ...known };
  if (why !== "held") return { clockUs, ...refusal(why, resource, details) };
  const { fencingToken: _, ...holder } = holderOf(mode, owner, who);
  return { clockUs, ...refusal(why, resource, { holder, ...details }) };
}

/** What the inspecting script tells. */
export interface NodeInspection {
  /** The node's entry as it stands there; empty when it has none. */
  readonly entryText: string;
  readonly clockUs: number;
  readonly fencingToken: number;
  readonly holders: readonly NodeHolder[];
}

/** `undefined` when the key holds foreign data. */
export function inspectionOf(reply: unknown): NodeInspection | undefined {
  const [entryText, clockUs, fencingToken, holders] = listOf(reply);
  if (String(clockUs) === "foreign") return undefined;
  return {
    entryText: String(entryText),
    clockUs: Number(clockUs),
    fencingToken: Number(fencingToken),
    holders: listOf(holders)
      .map((item) => {
        const [mode, owner, remainingMs, who] = listOf(item);
        return { remainingMs: Number(remainingMs), ...holderOf(mode, owner, who) };
      })
      .toSorted(byFencingToken),
  };
}

/** How a holder's field begins. */
export function letterOf(mode: Mode): string {
  return mode === "exclusive" ? "x" : "s";
}

/**
 * How a holder's field ends: who it is, for those who ask. A manager's claims begin with who it is
 * already.
 */
export function whoText({ owner, clientId, process: { host, pid } }: Claim): string {
  const name = isPlain.test(host) ? host : encodeURIComponent(host);
  return ` ${pid} ${name}${clientOf(owner) === clientId ? "" : ` ${clientId}`}`;
}

/** What stands before the last dot. */
function clientOf(owner: string): string {
  return owner.slice(0, Math.max(0, owner.lastIndexOf(".")));
}

/** A host name that stands for itself. */
const isPlain = /^[\w.-]+$/;

function holderOf(mode: unknown, owner: unknown, who: unknown): Omit<NodeHolder, "remainingMs"> {
  const text = String(owner);
  const words = String(who).split(" ");
  const [, fencingToken = "", pid = "", host = "", clientId = clientOf(text)] = words;
  const info: HolderInfo = {
    owner: text,
    mode: String(mode) === "x" ? "exclusive" : "shared",
    clientId,
    host: decodeURIComponent(host),
    pid: Number(pid),
  };
  return { fencingToken: Number(fencingToken), ...info };
}

function listOf(reply: unknown): unknown[] {
  if (Array.isArray(reply)) return reply;
  throw new NodeError("error", `answered what our script does not: ${String(reply)}`);
}
