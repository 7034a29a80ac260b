/**
 * The arithmetic of a session, in parts of its timeout T.
 *
 * Whoever is connected to a follower is known to the leader, who ends sessions, only by what the
 * follower says with each of the leader's pings: every half tick. A write does not tell the leader
 * that its session is alive, nor does an answer to a ping of ours, which the follower gives by
 * itself for as long as it has not noticed that the leader is gone. So a lock counts from a
 * transaction (which a majority agreed to), and gives up a third of T: a quarter for half a tick (a
 * session lasts two ticks or more), a twelfth for the longest silence on our side.
 */

/** Silence of so long on a connection ends it, whoever was silent. */
export function silenceMs(timeoutMs: number): number {
  return timeoutMs / 12;
}

/** So often the server is asked for a sign of life. */
export function contactMs(timeoutMs: number): number {
  return timeoutMs / 24;
}

/** The longest that a lock can count on a session after a transaction of it. */
export function longestTtlMs(timeoutMs: number): number {
  return Math.floor((timeoutMs * 2) / 3);
}

/**
 * For how long one call waits for the ensemble: enough for another server, and for the election of
 * a leader.
 */
export function patienceMs(timeoutMs: number): number {
  return timeoutMs / 3;
}
