/**
 * The arithmetic of time. All durations are milliseconds; instants are readings of one clock.
 *
 * Sources: "Distributed Locks with Redis" on redis.io (validity = ttl - elapsed - drift); the drift of
 * 1 % of the ttl plus 2 ms is that of redlock-rb: 1 ms for the precision of Redis' expiry, 1 ms for
 * small ttls.
 */
const driftShare = 0.01;
const driftFloorMs = 2;

/** What a round that won must have left of its ttl; less is a failure. */
const minimumValidityShare = 1 / 3;

/** A round may take 5 % of the ttl, within these bounds, and never more than a third of it. */
const roundShare = 0.05;
const leastRoundMs = 50;
const mostRoundMs = 500;
const mostRoundShare = 1 / 3;

/** How much a node's clock may run away from ours while a lock lasts. */
export function driftMs(ttlMs: number): number {
  return ttlMs * driftShare + driftFloorMs;
}

/**
 * Until when a lock is held at least.
 *
 * @param startedAt when the round began: before the first byte was sent.
 * @param clockMarginMs what is given up for clocks that jump.
 */
export function validUntil(startedAt: number, ttlMs: number, clockMarginMs: number): number {
  return startedAt + ttlMs - driftMs(ttlMs) - clockMarginMs;
}

/** A shorter ttl could not have the least validity, whatever the round. */
export function leastTtlMs(clockMarginMs: number): number {
  const share = 1 - driftShare - minimumValidityShare - mostRoundShare;
  return Math.ceil((driftFloorMs + clockMarginMs) / share);
}

/** What must be left of the validity for a won round to count. */
export function minimumValidityMs(ttlMs: number): number {
  return ttlMs * minimumValidityShare;
}

/** For how long a round waits for nodes. */
export function roundTimeoutMs(ttlMs: number, wantedMs?: number): number {
  const share = Math.min(Math.max(ttlMs * roundShare, leastRoundMs), mostRoundMs);
  return Math.min(wantedMs ?? share, ttlMs * mostRoundShare);
}
