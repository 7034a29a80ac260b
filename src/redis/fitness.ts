import { ConfigurationError } from "../core/error.ts";

/** What `INFO` says about a server, as far as it matters to a vote. */
export interface ServerInfo {
  /** New with every start of the process. */
  readonly runId: string;
  readonly role: string;
  readonly evictionPolicy: string;
  /** Of Redis, or of the Redis that it is compatible with. */
  readonly majorVersion: number;
  /** Whether whole numbers of its scripts may be as large as an instant. */
  readonly is64Bit: boolean;
}

export function parseInfo(text: string): ServerInfo {
  const fields = new Map(
    text.split("\r\n").map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1)];
    }),
  );
  return {
    runId: fields.get("run_id") ?? "",
    role: fields.get("role") ?? "master",
    majorVersion: Number.parseInt(fields.get("redis_version") ?? "0", 10),
    evictionPolicy: fields.get("maxmemory_policy") ?? "noeviction",
    is64Bit: fields.get("arch_bits") === "64",
  };
}

/** Which server processes the nodes of one quorum are, to find one that is listed twice. */
export class ServerRegister {
  readonly #nodeOf = new Map<string, string>();

  /**
   * @throws {ConfigurationError} when the server must not vote, or votes already under another name.
   */
  enter(node: string, { runId, role, evictionPolicy }: ServerInfo): void {
    for (const [known, name] of this.#nodeOf) if (name === node) this.#nodeOf.delete(known);
    if (role !== "master") {
      throw new ConfigurationError(
        `${node} is a replica: it only repeats what another node says. Give its master instead.`,
      );
    }
    if (evictionPolicy !== "noeviction") {
      throw new ConfigurationError(
        `${node} may evict locks: its maxmemory-policy is ${evictionPolicy}. ` +
          `Set it to noeviction (CONFIG SET maxmemory-policy noeviction, and in its configuration).`,
      );
    }
    const other = this.#nodeOf.get(runId);
    if (other !== undefined) {
      throw new ConfigurationError(
        `${node} and ${other} are the same server (run id ${runId}): one server, one vote. ` +
          `Take one of them out of the list.`,
      );
    }
    this.#nodeOf.set(runId, node);
  }
}
