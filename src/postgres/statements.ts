import type { Claim } from "../core/claim.ts";
import type { Statement } from "../sql/connection-pool.ts";
import { inKeyOrder, keyOf } from "../sql/key.ts";
import type { Statements } from "../sql/statements.ts";
import type { QuotedNames } from "./names.ts";

/** Calls of the functions that `migrate` has made. */
export class PostgresStatements implements Statements {
  readonly #names: QuotedNames;
  /** Empty: nobody is told. */
  readonly #channel: string;

  constructor(names: QuotedNames, channel: string) {
    this.#names = names;
    this.#channel = channel;
  }

  acquire(claim: Claim, ttlMs: number): Statement {
    const { resources, mode, owner, steal, clientId, waiting } = claim;
    const { host, pid } = claim.process;
    return call(this.#names.acquire, [
      ...[keys(resources), mode, owner, ttlMs, steal, clientId, host, pid],
      ...[waiting?.id ?? "", waiting?.forMs ?? 0, this.#channel !== ""],
    ]);
  }

  extend({ resources, owner }: Claim, ttlMs: number): Statement {
    return call(this.#names.extend, [keys(resources), owner, ttlMs]);
  }

  release({ resources, owner, waiting }: Claim, tombstoneMs: number): Statement {
    const gone = waiting?.forMs === 0 ? waiting.id : "";
    return call(this.#names.release, [keys(resources), owner, tombstoneMs, gone, this.#channel]);
  }

  forceRelease(key: string, owners: readonly string[]): Statement {
    return call(this.#names.forceRelease, [key, owners, this.#channel]);
  }

  inspect(key: string): Statement {
    return call(this.#names.inspect, [key]);
  }
}

function keys(resources: readonly string[]): string[] {
  return inKeyOrder(resources).map(keyOf);
}

function call(name: string, values: readonly unknown[]): Statement {
  const places = values.map((_, index) => `$${index + 1}`).join(", ");
  return { text: `SELECT ${name}(${places}) AS answer`, values };
}
