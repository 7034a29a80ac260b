import type { Claim, Mode } from "../core/claim.ts";
import type { HolderInfo } from "../core/vote.ts";

/**
 * What lies in a place: who it is, for those who ask, and how long its session lasts without it.
 */
export interface HolderRecord extends Omit<HolderInfo, "mode"> {
  readonly sessionTimeoutMs: number;
}

export function encodeRecord(claim: Claim, sessionTimeoutMs: number): Buffer {
  const { owner, clientId } = claim;
  const { host, pid } = claim.process;
  const record: HolderRecord = { owner, clientId, host, pid, sessionTimeoutMs };
  return Buffer.from(JSON.stringify(record));
}

/** What cannot be read is no reason to fail: the place counts, whatever lies in it. */
export function decodeRecord(data: Buffer): HolderRecord {
  const fields: Partial<Record<keyof HolderRecord, unknown>> = parsed(data);
  return {
    owner: String(fields.owner ?? "unknown"),
    clientId: String(fields.clientId ?? "unknown"),
    host: String(fields.host ?? "unknown"),
    pid: Number(fields.pid ?? 0),
    sessionTimeoutMs: Number(fields.sessionTimeoutMs ?? 0),
  };
}

export function holderInfo(record: HolderRecord, mode: Mode): HolderInfo {
  const { owner, clientId, host, pid } = record;
  return { owner, mode, clientId, host, pid };
}

function parsed(data: Buffer): object {
  try {
    return Object(JSON.parse(data.toString())) as object;
  } catch {
    return {};
  }
}
