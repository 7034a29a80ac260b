import { expected, knownOptions, wholeNumber } from "../core/expectation.ts";
import type { TtlRange } from "../core/lock-backend.ts";
import { checkedPath, parseConnectionString, type Server } from "./address.ts";
import type { Credentials } from "./frame.ts";
import type { AclEntry } from "./request.ts";
import { longestTtlMs, patienceMs } from "./session-time.ts";
import type { Layout } from "./surroundings.ts";

/** Who may do what with the znodes of locks. */
export interface ZooKeeperAcl {
  /** `world`, `auth`, `digest`, `ip`, `x509` or what else the ensemble knows. */
  readonly scheme: string;
  /** Whom: `anyone` for `world`, an empty string for `auth`, `user:hash` for `digest`. */
  readonly id: string;
  /** Any of the letters `c` create, `d` delete, `r` read, `w` write, `a` administer. */
  readonly permissions: string;
}

/** Who we are, as `addauth` says it: `{ scheme: "digest", auth: "user:password" }`. */
export type ZooKeeperAuth = Credentials;

export interface ZooKeeperOptions {
  /**
   * For how long the ensemble keeps a session of which it hears nothing, in milliseconds: 100 to
   * 2³¹ - 1, within what its servers allow, and at least two of their ticks. A holder that dies
   * keeps the others out for so long, whatever its ttl; no ttl is longer than two thirds of it.
   *
   * @defaultValue 15 000
   */
  readonly sessionTimeoutMs?: number | undefined;
  /**
   * For how long one call waits for the ensemble, in milliseconds: 1 to 60 000. It bridges the loss
   * of a server and the election of a leader; when it is over, a `QuorumError` says what is wrong
   * with each server.
   *
   * @defaultValue a third of `sessionTimeoutMs`
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * The znode that all locks are under, behind the chroot. It is made when it is not there, and
   * goes when it is empty.
   *
   * @defaultValue "/quorumlock"
   */
  readonly path?: string | undefined;
  /**
   * The ACL of all znodes that are made.
   *
   * @defaultValue everybody may do everything
   */
  readonly acl?: readonly ZooKeeperAcl[] | undefined;
  /** Credentials that every connection shows. */
  readonly auth?: readonly ZooKeeperAuth[] | undefined;
}

/** Every option, nothing left open. */
export interface ZooKeeperSettings extends Layout {
  readonly servers: readonly Server[];
  readonly auth: readonly Credentials[];
  readonly patienceMs: number;
  readonly ttlRange: TtlRange;
}

const optionNames = ["sessionTimeoutMs", "requestTimeoutMs", "path", "acl", "auth"];
const sessionRange = { name: "sessionTimeoutMs", least: 100, most: 2 ** 31 - 1 };
const requestRange = { name: "requestTimeoutMs", least: 1, most: 60_000 };
const defaultSessionTimeoutMs = 15_000;
const leastTtlMs = 10;

const openAcl: readonly ZooKeeperAcl[] = [{ scheme: "world", id: "anyone", permissions: "cdrwa" }];
const bits: Readonly<Record<string, number>> = { r: 1, w: 2, c: 4, d: 8, a: 16 };

/** @throws {TypeError | RangeError} naming the option, what was expected and what was given. */
export function resolvedSettings(servers: unknown, given: unknown): ZooKeeperSettings {
  const options: ZooKeeperOptions = knownOptions(given, optionNames, "zookeeperBackend");
  const { sessionTimeoutMs: asked = defaultSessionTimeoutMs, requestTimeoutMs } = options;
  const sessionTimeoutMs = wholeNumber(asked, sessionRange);
  return {
    ...parseConnectionString(servers),
    root: rootPath(options.path),
    acl: checkedList(options.acl ?? openAcl, "acl").map(aclEntry),
    auth: checkedList(options.auth ?? [], "auth").map(credentials),
    sessionTimeoutMs,
    ttlRange: { least: leastTtlMs, most: longestTtlMs(sessionTimeoutMs) },
    patienceMs:
      requestTimeoutMs === undefined
        ? patienceMs(sessionTimeoutMs)
        : wholeNumber(requestTimeoutMs, requestRange),
  };
}

function rootPath(given: unknown): string {
  const path = checkedPath(given ?? "/quorumlock", "path");
  return path === "/" ? "" : path;
}

function checkedList(given: unknown, name: string): unknown[] {
  if (!Array.isArray(given)) throw new TypeError(expected(name, "an array", given));
  return given as unknown[];
}

function aclEntry(given: unknown): AclEntry {
  const { scheme, id, permissions } = strings(given, "acl", ["scheme", "id", "permissions"]);
  const letters = (permissions ?? "").split("");
  if (letters.length === 0 || letters.some((letter) => bits[letter] === undefined)) {
    const what = 'some of the letters "cdrwa"';
    throw new RangeError(expected("acl: permissions", what, permissions));
  }
  const sum = letters.reduce((all, letter) => all | (bits[letter] ?? 0), 0);
  return { scheme: scheme ?? "", id: id ?? "", permissions: sum };
}

function credentials(given: unknown): Credentials {
  const { scheme, auth } = strings(given, "auth", ["scheme", "auth"]);
  return { scheme: scheme ?? "", auth: auth ?? "" };
}

function strings(
  given: unknown,
  name: string,
  fields: readonly string[],
): Readonly<Record<string, string>> {
  const options = knownOptions(given ?? null, fields, name);
  for (const field of fields) {
    const value = options[field];
    if (typeof value !== "string") {
      throw new TypeError(expected(`${name}: ${field}`, "a string", value));
    }
  }
  return options as Readonly<Record<string, string>>;
}
