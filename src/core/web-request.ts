import { expected, knownOptions } from "./expectation.ts";
import {
  optionalSignal,
  requestOptionNames,
  settingsOf,
  type RequestOptions,
  type Settings,
} from "./option.ts";

/** The arguments of `LockManager.request`, checked and converted. */
export interface WebRequest<Callback> extends Settings {
  readonly name: string;
  readonly ifAvailable: boolean;
  readonly steal: boolean;
  readonly signal: AbortSignal | undefined;
  readonly callback: Callback;
}

/**
 * What Web IDL and the method steps of https://w3c.github.io/web-locks/#api-lock-manager-request
 * do to the arguments, in their order. One thing is stricter: Web IDL passes over the members of a
 * dictionary that it does not know, here an unknown option is a `TypeError`.
 *
 * @throws {TypeError} for arguments of a wrong type.
 * @throws {RangeError} for numbers out of range.
 * @throws {DOMException} `NotSupportedError` for what does not go together.
 */
export function webRequest<Callback>(
  args: readonly unknown[],
  defaults: Settings,
): WebRequest<Callback> {
  if (args.length < 2) {
    throw new TypeError(`request: expected a name and a callback, got ${args.length} argument(s)`);
  }
  const name = domString(args[0]);
  const callback = args.length === 2 ? args[1] : args[2];
  const options = args.length === 2 ? {} : dictionary(args[1]);
  if (typeof callback !== "function") {
    throw new TypeError(expected("callback", "a function", callback));
  }
  const ifAvailable = Boolean(options["ifAvailable"]);
  const mode = enumValue(options["mode"]);
  const signal = optionalSignal(options["signal"]);
  const steal = Boolean(options["steal"]);
  const { ttlMs, waitMs, retryDelayMs, renew, fair } = options;
  const settings = settingsOf({ ttlMs, waitMs, retryDelayMs, renew, mode, fair }, defaults);
  refuseWhatDoesNotGoTogether(name, { ifAvailable, steal, signal, ...settings });
  signal?.throwIfAborted();
  return { name, ifAvailable, steal, signal, callback: callback as Callback, ...settings };
}

/** Web IDL's conversion to a string, which a symbol does not survive. */
function domString(given: unknown): string {
  if (typeof given === "symbol") throw new TypeError(expected("name", "a string", given));
  return String(given);
}

/** Web IDL's conversion to a dictionary: `null` is as good as nothing. */
function dictionary(given: unknown): Readonly<Record<string, unknown>> {
  if (given === undefined || given === null) return {};
  if (typeof given === "function") return given as unknown as Readonly<Record<string, unknown>>;
  return knownOptions(given, requestOptionNames, "request");
}

/** Web IDL's conversion to an enumeration value starts with the one to a string. */
function enumValue(given: unknown): string | undefined {
  return given === undefined ? undefined : domString(given);
}

function refuseWhatDoesNotGoTogether(
  name: string,
  { ifAvailable, steal, signal, mode }: RequestOptions,
): void {
  if (name.startsWith("-")) {
    throw notSupported(`name: those that begin with "-" are reserved, got ${JSON.stringify(name)}`);
  }
  if (steal && ifAvailable) throw notSupported("steal and ifAvailable do not go together");
  if (steal && mode !== "exclusive") throw notSupported('steal goes with mode "exclusive" only');
  if (signal && (steal || ifAvailable)) {
    throw notSupported("signal does not go together with steal or ifAvailable");
  }
}

function notSupported(message: string): DOMException {
  return new DOMException(message, "NotSupportedError");
}
