import { expected } from "../core/expectation.ts";

export interface Server {
  readonly host: string;
  readonly port: number;
  /** As it stands in messages: `10.0.0.1:2181`. */
  readonly name: string;
}

export interface Ensemble {
  readonly servers: readonly Server[];
  /** The chroot: what stands before every path. Empty when there is none. */
  readonly chroot: string;
}

const defaultPort = 2181;
const shape = 'a connection string such as "10.0.0.1:2181,10.0.0.2:2181/path"';

/**
 * ZooKeeper's connection string: `host:port,host:port/chroot`.
 *
 * @throws {TypeError | RangeError} for what is none.
 */
export function parseConnectionString(given: unknown): Ensemble {
  if (typeof given !== "string") throw new TypeError(expected("servers", shape, given));
  const slash = given.indexOf("/");
  const hosts = slash === -1 ? given : given.slice(0, slash);
  const chroot = slash === -1 ? "" : given.slice(slash);
  const servers = hosts.split(",").map((each) => parseServer(each.trim(), given));
  const names = servers.map(({ name }) => name);
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined) throw new RangeError(`servers: ${twin} stands in the list twice`);
  return { servers, chroot: chroot === "/" ? "" : checkedPath(chroot, "servers: the chroot") };
}

/**
 * @throws {TypeError | RangeError} for what is no path of a znode; the empty string is one here.
 */
export function checkedPath(given: unknown, name: string): string {
  const what = 'a path such as "/locks/mine"';
  if (typeof given !== "string") throw new TypeError(expected(name, what, given));
  if (given === "") return given;
  // Control characters and lone surrogates are what ZooKeeper does not take.
  const isFit = given.startsWith("/") && given.isWellFormed() && !/\p{Cc}/u.test(given);
  const segments = given.slice(1).split("/");
  if (!isFit || segments.some((segment) => ["", ".", ".."].includes(segment))) {
    throw new RangeError(expected(name, what, given));
  }
  return given;
}

function parseServer(text: string, given: string): Server {
  const match = /^(?:\[([^\]]+)\]|([^:[\]\s]+))(?::(\d+))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3] ?? defaultPort);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new RangeError(expected("servers", shape, given));
  }
  return { host, port, name: `${host.includes(":") ? `[${host}]` : host}:${port}` };
}
