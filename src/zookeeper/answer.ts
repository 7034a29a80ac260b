import type { Claim } from "../core/claim.ts";
import { ConfigurationError } from "../core/error.ts";
import type { Extension } from "../core/lock-backend.ts";
import { refusal, type UnknownVote, type Vote } from "../core/vote.ts";
import type { Session } from "./session.ts";
import { refusesConfiguration, UnreachableError } from "./session-problem.ts";
import { ZooKeeperError } from "./zookeeper-error.ts";

/** What the ensemble says, as the one vote that it has. */
export function granted({ serverName }: Session): Vote[] {
  return [{ node: serverName, vote: "granted" }];
}

export function refused(
  { serverName }: Session,
  { resources }: Claim,
  reason: "missing" | "broken",
): Vote[] {
  return [{ node: serverName, ...refusal(reason, resources[0] ?? "") }];
}

export function lost(session: Session, claim: Claim, why: "missing" | "broken"): Extension {
  return { extended: false, why, votes: refused(session, claim, why) };
}

/**
 * Why there is no answer, server by server.
 *
 * @throws {ConfigurationError} when a human has to act.
 * @throws whatever else is no answer of an ensemble.
 */
export function faults(
  session: Session,
  error: unknown,
  resources: readonly string[],
): UnknownVote[] {
  if (error instanceof UnreachableError) return session.faults();
  const mistake = error instanceof ConfigurationError ? error : refusesConfiguration(error);
  if (mistake !== undefined) throw new ConfigurationError(mistake.message, resources);
  if (!(error instanceof ZooKeeperError)) throw error;
  const { reason, message } = error;
  return [{ node: session.serverName, vote: "unknown", reason, message }];
}
