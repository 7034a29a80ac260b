import type { HistoryEvent } from "./event.ts";

/**
 * - `C1` mutual exclusion: the times for which a resource is guaranteed to two that exclude each other
 *   do not overlap. A time ends with the validity, a release, a loss, or the first robbery on a node;
 * - `C2` honest belief: nobody is told that it holds the lock when its validity is over, or when it was
 *   released or lost;
 * - `C3` birth: a lock is handed out while it is valid, with a quorum of votes, none of which came from
 *   a node in quarantine or before its round began;
 * - `C4` no two grants of a resource share a token;
 * - `C5` who asks after somebody was granted the resource gets a larger token;
 * - `C6` slot order: a node votes in the order of the tokens. Readers may have their slots renewed out
 *   of order, among readers;
 * - `C7` hygiene of nodes: only its owner releases a slot, and none stays behind;
 * - `C8` fence: the protected resource accepts no token smaller than one it has accepted, and only from
 *   those to whom it was granted;
 * - `C10` continuity: whoever is extended had no successor, unless it was robbed.
 */
export type CheckId = "C1" | "C2" | "C3" | "C4" | "C5" | "C6" | "C7" | "C8" | "C10";

export interface Violation {
  readonly check: CheckId;
  /** Who did what and when, in one sentence. */
  readonly message: string;
  /** When it showed. */
  readonly at: number;
  /** The attempt that should not have got so far; then the one that was in its way, if there is one. */
  readonly attempts: readonly string[];
  readonly resource?: string;
  /** As few events as violate the check by themselves, in their order. */
  readonly events: readonly HistoryEvent[];
}

/** Finds what violates a check. What was found is described only when it is wanted. */
export type Rule<Facts> = (facts: Facts) => Iterable<() => Violation>;
