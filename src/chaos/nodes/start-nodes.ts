import { isDatabase, type Authority } from "../authority.ts";
import type { Journal } from "../run/journal.ts";
import { ChaosNode } from "./chaos-node.ts";
import { startDatabaseNode } from "./database-node.ts";
import { startEnsembleNodes } from "./ensemble-nodes.ts";
import type { ServerNode } from "./server-node.ts";

export interface NodesOptions {
  readonly authority: Authority;
  readonly nodeCount: number;
  readonly journal: Journal;
  readonly ttlMs: number;
  /** Whether their clocks can be moved. */
  readonly hasClock: boolean;
  /** For masters: whether they write an append-only file, and what else they are told. */
  readonly isPersistent: boolean;
  /** Whether they take `DEBUG`. */
  readonly mayDebug: boolean;
  readonly serverArguments?: ((node: number) => readonly string[]) | undefined;
  /** What locks are asked for. */
  readonly resources: readonly string[];
  /** The file from whose folder clients of databases are looked for. */
  readonly peers: string;
}

/** The servers of a run: all of them, or none. */
export async function startNodes(options: NodesOptions): Promise<readonly ServerNode[]> {
  const { authority } = options;
  if (authority === "zookeeper") return startEnsembleNodes(options);
  if (isDatabase(authority)) return [await startDatabaseNode(authority, options)];
  return startMasters(options);
}

/** Those that did start are ended when one did not. */
async function startMasters(options: NodesOptions): Promise<readonly ChaosNode[]> {
  const { nodeCount, journal, isPersistent, ttlMs, hasClock, mayDebug, serverArguments } = options;
  const starting = Array.from({ length: nodeCount }, (_, index) =>
    ChaosNode.start({
      ...{ number: index + 1, journal, isPersistent, silenceMs: ttlMs, hasClock, mayDebug },
      serverArguments: serverArguments?.(index + 1) ?? [],
    }),
  );
  const results = await Promise.allSettled(starting);
  const nodes = results.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const failure = results.find((each) => each.status === "rejected");
  if (failure === undefined) return nodes;
  await Promise.all(nodes.map((node) => node.close()));
  throw failure.reason;
}
