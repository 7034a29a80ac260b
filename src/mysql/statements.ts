import type { Claim } from "../core/claim.ts";
import type { Statement } from "../sql/connection-pool.ts";
import { inKeyOrder, keyOf } from "../sql/key.ts";
import type { Statements } from "../sql/statements.ts";
import type { QuotedNames } from "./names.ts";

/**
 * Calls of the procedures that `migrate` has made. Values stand in the text: numbers, and strings of a few
 * harmless characters, so that neither the connection's character set nor its SQL mode changes them.
 */
export class MysqlStatements implements Statements {
  readonly #names: QuotedNames;

  constructor(names: QuotedNames) {
    this.#names = names;
  }

  acquire(claim: Claim, ttlMs: number): Statement {
    const { resources, mode, owner, steal, clientId, waiting } = claim;
    const { host, pid } = claim.process;
    return call(this.#names.acquire, [
      ...[hexList(resources), mode, owner, 1_000 * ttlMs, steal ? 1 : 0, clientId],
      ...[hex(host.slice(0, 255)).slice(0, 510), pid],
      ...[waiting?.id ?? "", 1_000 * (waiting?.forMs ?? 0)],
    ]);
  }

  extend({ resources, owner }: Claim, ttlMs: number): Statement {
    return call(this.#names.extend, [hexList(resources), owner, 1_000 * ttlMs]);
  }

  release({ resources, owner, waiting }: Claim, tombstoneMs: number): Statement {
    const gone = waiting?.forMs === 0 ? waiting.id : "";
    return call(this.#names.release, [hexList(resources), owner, 1_000 * tombstoneMs, gone]);
  }

  forceRelease(key: string, owners: readonly string[]): Statement {
    return call(this.#names.forceRelease, [hex(key), owners.join(",")]);
  }

  inspect(key: string): Statement {
    return call(this.#names.inspect, [hex(key)]);
  }
}

function hexList(resources: readonly string[]): string {
  return inKeyOrder(resources)
    .map((resource) => hex(keyOf(resource)))
    .join(",");
}

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}

function call(name: string, values: readonly (string | number)[]): Statement {
  return { text: `CALL ${name}(${values.map(literal).join(", ")})`, values: [] };
}

function literal(value: string | number): string {
  if (typeof value === "number") return String(Math.round(value));
  if (!/^[\w.,-]*$/.test(value)) throw new TypeError(`not an identifier: ${JSON.stringify(value)}`);
  return `'${value}'`;
}
