/** What a backend promises, as data: the words that `docs/BACKENDS.md` explains. */
export interface BackendPromises {
  /** Who grants, in a few words: `3 of 5 nodes`, `one PostgreSQL database`. */
  readonly authority: string;
  /** How many of its servers may be away, whichever they are, while locks are granted and renewed. */
  readonly spareServers: number;
  /** What may happen to a server without a lock being held twice. */
  readonly survives: readonly ServerFault[];
  /** Whose clock says that the time of a lock is over. */
  readonly clock: ClockAuthority;
  /** What makes fencing tokens grow. */
  readonly fencing: FencingSource;
  /** Which of several processes that wait comes next. */
  readonly fairness: Fairness;
  /** How somebody who waits in another process hears that it is free. */
  readonly wakeUp: WakeUp;
}

/**
 * - `restart`: it is killed and comes back with what it had confirmed;
 * - `data-loss`: it comes back, or another one takes its place, without the last of what it had confirmed;
 * - `clock-back`, `clock-forward`: its clock is set.
 */
export type ServerFault = "restart" | "data-loss" | "clock-back" | "clock-forward";

/**
 * - `nodes`: the clocks of so many nodes that the others are no quorum;
 * - `server`: the clock of the one server;
 * - `session`: an ensemble counts how long it has not heard of the client.
 */
export type ClockAuthority = "nodes" | "server" | "session";

/**
 * - `ballot`: the client proposes, the nodes accept what is above all before;
 * - `row`: the row of the resource keeps the highest;
 * - `transaction`: the number of the transaction that granted it.
 */
export type FencingSource = "ballot" | "row" | "transaction";

/** `none`: whoever asks first after it was freed; `queue`: whoever has waited longest. */
export type Fairness = "none" | "queue";

/** `polling`: it asks again and again; `notice`: it is told, and asks now and then in case word gets lost. */
export type WakeUp = "polling" | "notice";
