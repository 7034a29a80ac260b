import type { Mode } from "./claim.ts";
import type { TtlRange } from "./lock-backend.ts";
import { expected, knownOptions, optionalBoolean, wholeNumber } from "./expectation.ts";

/** What a manager can be given as its defaults, and every call on its own. */
export interface LockOptions {
  /**
   * How long a grant lasts on a node unless it is renewed, in milliseconds: 10 to the backend's
   * `maxTtlMs` (for Redis 60 000, unless it was told otherwise).
   *
   * @defaultValue 10 000
   */
  readonly ttlMs?: number | undefined;
  /**
   * For how long to wait for others to let go, in milliseconds: 0 tries once, `Infinity` waits for
   * ever. It is not spent on nodes that do not answer: those are reported at once.
   *
   * @defaultValue 30 000
   */
  readonly waitMs?: number | undefined;
  /**
   * The longest pause between two tries, in milliseconds: 1 to 60 000. Each pause is drawn at
   * random between 0 and this, so that those who wait do not move in step. While the backend tells
   * who waits when it is free, the longest pause is ten times this.
   *
   * @defaultValue 100
   */
  readonly retryDelayMs?: number | undefined;
  /**
   * Whether the lock is renewed, again and again from a third of its ttl on, until it is released.
   *
   * @defaultValue true
   */
  readonly renew?: boolean | undefined;
  /**
   * `exclusive`: one holder; `shared`: any number of them, but no exclusive one beside them.
   *
   * @defaultValue "exclusive"
   */
  readonly mode?: Mode | undefined;
  /**
   * Whether it waits in the order in which processes asked, where the backend has one (`promises.fairness`
   * is `queue`). `false`: it takes the lock whenever it finds it free, also before those who wait, and
   * polls as long as it does not.
   *
   * @defaultValue true
   */
  readonly fair?: boolean | undefined;
}

/** What a manager can be given: defaults for every call, and what concerns all of them together. */
export interface ManagerOptions extends LockOptions {
  /**
   * How many tries may be under way at once: 1 to 10 000. Those that come on top wait for their turn, in
   * their order and within their `waitMs`; renewals and releases never do. A try's time begins with its
   * turn, so that many at once do not come too late for their own round.
   *
   * @defaultValue 500
   */
  readonly maxConcurrentAttempts?: number | undefined;
}

export interface AcquireOptions extends LockOptions {
  /** Ends the wait; the promise then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}

/** There is no wait, so it takes nothing that has to do with waiting. */
export type TryAcquireOptions = Omit<AcquireOptions, "waitMs" | "retryDelayMs">;

/** As in the Web Locks API, and the options that a lock across machines needs on top. */
export interface RequestOptions extends AcquireOptions {
  /**
   * Do not wait: the callback gets `null` when the lock is not free now.
   *
   * @defaultValue false
   */
  readonly ifAvailable?: boolean | undefined;
  /**
   * Take the lock from whoever holds it, before all who wait. A former holder in another process
   * hears of it with its next renewal, and may still be at work until then and after.
   *
   * @defaultValue false
   */
  readonly steal?: boolean | undefined;
}

/** Every option, nothing left open. */
export interface Settings {
  /** What the backend takes. */
  readonly ttlRange: TtlRange;
  readonly ttlMs: number;
  readonly waitMs: number;
  readonly retryDelayMs: number;
  readonly renew: boolean;
  readonly mode: Mode;
  readonly fair: boolean;
}

const defaultSettings = {
  ttlMs: 10_000,
  waitMs: 30_000,
  retryDelayMs: 100,
  renew: true,
  mode: "exclusive",
  fair: true,
} as const;

const waitRange = { name: "waitMs", least: 0, most: Infinity };
const retryDelayRange = { name: "retryDelayMs", least: 1, most: 60_000 };

const attemptsRange = { name: "maxConcurrentAttempts", least: 1, most: 10_000 };

const settingNames = ["ttlMs", "waitMs", "retryDelayMs", "renew", "mode", "fair"];
const managerOptionNames = [...settingNames, "maxConcurrentAttempts"];
const acquireOptionNames = [...settingNames, "signal"];
const tryAcquireOptionNames = ["ttlMs", "renew", "mode", "fair", "signal"];
export const requestOptionNames: readonly string[] = [
  ...acquireOptionNames,
  "ifAvailable",
  "steal",
];

export interface ManagerSettings {
  readonly defaults: Settings;
  readonly maxConcurrentAttempts: number;
}

/** @throws {TypeError | RangeError} naming the option, what was expected and what was given. */
export function managerSettings(given: unknown, ttlRange: TtlRange): ManagerSettings {
  const options = knownOptions(given, managerOptionNames, "LockManager");
  const least = Math.min(Math.max(defaultSettings.ttlMs, ttlRange.least), ttlRange.most);
  const defaults = settingsOf(options, { ...defaultSettings, ttlMs: least, ttlRange });
  const { maxConcurrentAttempts = 500 } = options;
  return { defaults, maxConcurrentAttempts: wholeNumber(maxConcurrentAttempts, attemptsRange) };
}

/** @throws {TypeError | RangeError} naming the option, what was expected and what was given. */
export function acquireSettings(
  given: unknown,
  defaults: Settings,
  method: "acquire" | "tryAcquire",
): Settings & { readonly signal?: AbortSignal | undefined } {
  if (given === undefined) return defaults;
  const known = method === "acquire" ? acquireOptionNames : tryAcquireOptionNames;
  const options = knownOptions(given, known, method);
  const signal = optionalSignal(options["signal"]);
  return { signal, ...settingsOf(options, defaults) };
}

/** @throws {TypeError | RangeError} for `ttlMs` alone, as `extend` takes it. */
export function checkedTtl(given: unknown, ttlRange: TtlRange): number {
  return wholeNumber(given, { name: "ttlMs", ...ttlRange });
}

/** Settings out of options whose names are known to be right. */
export function settingsOf(
  options: Readonly<Record<string, unknown>>,
  defaults: Settings,
): Settings {
  const { ttlMs, waitMs, retryDelayMs } = options;
  return {
    ttlRange: defaults.ttlRange,
    ttlMs: ttlMs === undefined ? defaults.ttlMs : checkedTtl(ttlMs, defaults.ttlRange),
    waitMs: waitMs === undefined ? defaults.waitMs : wholeNumber(waitMs, waitRange),
    retryDelayMs:
      retryDelayMs === undefined
        ? defaults.retryDelayMs
        : wholeNumber(retryDelayMs, retryDelayRange),
    renew: optionalBoolean(options["renew"], "renew", defaults.renew),
    mode: modeOf(options["mode"], defaults.mode),
    fair: optionalBoolean(options["fair"], "fair", defaults.fair),
  };
}

function modeOf(given: unknown, otherwise: Mode): Mode {
  if (given === undefined) return otherwise;
  if (given === "exclusive" || given === "shared") return given;
  throw new TypeError(expected("mode", '"exclusive" or "shared"', given));
}

/** @throws {TypeError} for what is not an `AbortSignal`. */
export function optionalSignal(given: unknown): AbortSignal | undefined {
  if (given === undefined || given instanceof AbortSignal) return given;
  throw new TypeError(expected("signal", "an AbortSignal", given));
}
