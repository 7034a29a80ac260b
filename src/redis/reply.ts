import type { NodeHolder } from "../core/inspection.ts";
import { refusal, type HolderInfo, type RefusalReason } from "../core/vote.ts";
import type { NodeAnswer } from "../quorum/lock-node.ts";

const granted: NodeAnswer = { vote: "granted" };

/** What a script that votes answers: 1, or why it refuses and for which of the keys. */
export function answerOf(reply: unknown, resources: readonly string[]): NodeAnswer {
  if (reply === 1) return granted;
  if (!Array.isArray(reply)) throw new TypeError(`a reply of a foreign script: ${String(reply)}`);
  const [index, reason, freeInMs, mode, owner, who] = reply as RefusalReply;
  const resource = resources[index - 1] ?? "";
  if (freeInMs === undefined) return refusal(reason, resource);
  if (reason !== "held") return refusal(reason, resource, { freeInMs });
  return refusal(reason, resource, { freeInMs, holder: holderOf(mode, owner, who) });
}

/** The holders that the inspecting script lists, or `undefined` when the key holds foreign data. */
export function holdersOf(reply: unknown): readonly NodeHolder[] | undefined {
  if (!Array.isArray(reply)) throw new TypeError(`a reply of a foreign script: ${String(reply)}`);
  if (reply[1] === "foreign") return undefined;
  return (reply as HolderReply[]).map(([mode, owner, remainingMs, who]) => ({
    ...holderOf(mode, owner, who),
    remainingMs,
  }));
}

/** The last part of a holder's line: who it is, for those who ask. */
export function whoText({ clientId, host, pid }: Omit<HolderInfo, "owner" | "mode">): string {
  return ` ${clientId} ${pid} ${encodeURIComponent(host)}`;
}

type RefusalReply = [
  index: number,
  reason: RefusalReason,
  freeInMs: number | undefined,
  mode: string,
  owner: string,
  who: string,
];
type HolderReply = [mode: string, owner: string, remainingMs: number, who: string];

function holderOf(mode: string, owner: string, who: string): HolderInfo {
  const [, clientId = "", pid = "", host = ""] = who.split(" ");
  return {
    owner,
    mode: mode === "x" ? "exclusive" : "shared",
    clientId,
    host: decodeURIComponent(host),
    pid: Number(pid),
  };
}
