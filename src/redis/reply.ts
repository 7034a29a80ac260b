import type { Claim, Mode } from "../core/claim.ts";
import type { NodeHolder } from "../core/inspection.ts";
import { refusal, type HolderInfo, type RefusalReason } from "../core/vote.ts";
import { NodeError, type NodeAnswer } from "../quorum/lock-node.ts";

const granted: NodeAnswer = { vote: "granted" };

/** What a script that votes answers: 1, or why it refuses and for which of the keys. */
export function answerOf(reply: unknown, resources: readonly string[]): NodeAnswer {
  if (reply === 1) return granted;
  const [index, reason, freeInMs, mode, owner, who] = listOf(reply);
  const resource = resources[Number(index) - 1] ?? "";
  const why = String(reason) as RefusalReason;
  if (freeInMs === undefined) return refusal(why, resource);
  if (why !== "held") return refusal(why, resource, { freeInMs: Number(freeInMs) });
  return refusal(why, resource, { freeInMs: Number(freeInMs), holder: holderOf(mode, owner, who) });
}

/** The holders that the inspecting script lists, or `undefined` when the key holds foreign data. */
export function holdersOf(reply: unknown): readonly NodeHolder[] | undefined {
  const list = listOf(reply);
  if (String(list[1]) === "foreign") return undefined;
  return list.map((item) => {
    const [mode, owner, remainingMs, who] = listOf(item);
    return { ...holderOf(mode, owner, who), remainingMs: Number(remainingMs) };
  });
}

/** How a holder's line begins. */
export function letterOf(mode: Mode): string {
  return mode === "exclusive" ? "x" : "s";
}

/** How a holder's line ends: who it is, for those who ask. */
export function whoText({ clientId, process: { host, pid } }: Claim): string {
  return ` ${clientId} ${pid} ${isPlain.test(host) ? host : encodeURIComponent(host)}`;
}

/** A host name that stands for itself. */
const isPlain = /^[\w.-]+$/;

function holderOf(mode: unknown, owner: unknown, who: unknown): HolderInfo {
  const [, clientId = "", pid = "", host = ""] = String(who).split(" ");
  return {
    owner: String(owner),
    mode: String(mode) === "x" ? "exclusive" : "shared",
    clientId,
    host: decodeURIComponent(host),
    pid: Number(pid),
  };
}

function listOf(reply: unknown): unknown[] {
  if (Array.isArray(reply)) return reply;
  throw new NodeError("error", `answered what our script does not: ${String(reply)}`);
}
