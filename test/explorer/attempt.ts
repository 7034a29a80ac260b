import { conflicts, share, type Setting } from "./setting.ts";

/** What one attempt is at. */
export interface Attempt {
  /**
   * - `issued`: it has the lock, as far as it knows;
   * - `ended`: it had it;
   * - `gone`: it never had it and never will.
   */
  readonly phase: "idle" | "acquiring" | "issued" | "ended" | "gone";
  /** When the round that counts began. */
  readonly startedAt: number;
  /** What it has proposed, and may still arrive. */
  readonly ballots: readonly number[];
  /** Who had been issued a lock before that round began. */
  readonly after: readonly number[];
  /** 0: none. */
  readonly token: number;
  /** Until when it relies on the lock. */
  readonly until: number;
  /** What its extensions gave as their time: they may still arrive. */
  readonly sent: readonly number[];
  readonly extension: Extension | undefined;
}

/** The round that is open. */
interface Extension {
  readonly startedAt: number;
  /** Those with newer tokens, in whose way it is, who had been issued one before. */
  readonly newer: readonly number[];
}

/** All attempts and the time. */
export interface Global {
  readonly time: number;
  readonly losses: number;
  readonly jumps: number;
  readonly attempts: readonly Attempt[];
}

export function firstGlobal({ attempts, losses, jumps }: Setting): Global {
  const idle: Attempt = {
    phase: "idle",
    startedAt: 0,
    ballots: [],
    after: [],
    token: 0,
    until: 0,
    sent: [],
    extension: undefined,
  };
  return { time: 0, losses, jumps, attempts: attempts.map(() => idle) };
}

/** With one attempt changed. */
export function withAttempt(global: Global, index: number, change: Partial<Attempt>): Global {
  const attempts = global.attempts.with(index, { ...global.attempts[index]!, ...change });
  return { ...global, attempts };
}

/** Those who were ever issued a token that can be compared with this attempt's. */
export function issuedBeside(global: Global, index: number, { attempts }: Setting): number[] {
  const me = attempts[index]!;
  return global.attempts.flatMap(({ token }, other) =>
    other !== index && token > 0 && share(me, attempts[other]!) ? [other] : [],
  );
}

/** Those who rely on a lock that this attempt must not have at the same time. */
export function rivalsOf(global: Global, index: number, { attempts }: Setting): number[] {
  const me = attempts[index]!;
  return global.attempts.flatMap(({ phase, until }, other) => {
    const isValid = phase === "issued" && until > global.time;
    return other !== index && isValid && conflicts(me, attempts[other]!) ? [other] : [];
  });
}

/** An attempt at a later time: what it waits for may not come any more. */
export function aged(
  attempt: Attempt,
  time: number,
  { ttl, margin, isPunctual }: Setting,
): Attempt {
  const { phase, startedAt, until } = attempt;
  if (phase === "issued" && until <= time) {
    return { ...attempt, phase: "ended", until: 0, startedAt: 0, extension: undefined };
  }
  const isLate = isPunctual && phase === "acquiring" && time >= startedAt + ttl - margin;
  return isLate ? { ...attempt, phase: "gone", after: [], startedAt: 0 } : attempt;
}
