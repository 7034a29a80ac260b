import type { Observed } from "../run/run.ts";
import type { NotedRequest } from "../run/journal.ts";
import type { Liveness, Spread } from "../verdict.ts";

/** How locks could be had. */
export function livenessOf(observed: Observed, clients: readonly string[]): Liveness {
  const { journal, ending, resource } = observed;
  const { requests } = journal;
  const of = (outcome: NotedRequest["outcome"]): readonly NotedRequest[] =>
    requests.filter((request) => request.outcome === outcome);
  const [granted, failed] = [of("granted"), of("failed")];
  const settledCount = granted.length + failed.length;
  const commands = [...journal.commandCounts.values()].reduce((sum, count) => sum + count, 0);
  const recoveryMs = recovery(observed);
  const afterCrashMs = afterCrash(observed);
  return {
    requestCount: requests.length,
    grantedCount: granted.length,
    refusedCount: of("refused").length,
    failedCount: failed.length,
    unsettledCount: of("unsettled").length,
    availability: settledCount === 0 ? 1 : granted.length / settledCount,
    acquireMs: spread(granted),
    failureMs: spread([...failed, ...of("refused")]),
    fairness: jain(clients.map((name) => granted.filter(({ client }) => client === name).length)),
    ...(recoveryMs !== undefined && Number.isFinite(recoveryMs) && { recoveryMs }),
    ...(afterCrashMs !== undefined && { afterCrashMs }),
    leftoverCount: ending.leftoverCount,
    lostWriteCount: [...resource.lost("unfenced").values()].reduce((sum, count) => sum + count, 0),
    refusedWriteCount: resource.outcomes.filter(({ fenced }) => fenced === "refused").length,
    ...leftOpen(observed),
    ...(granted.length > 0 && commands > 0 && { commandsPerGrant: commands / granted.length }),
  };
}

/** What the clients had in use: each tells it twice. */
function leftOpen({ journal }: Observed): Partial<Liveness> {
  const [begins, ends]: [number[], number[]] = [[], []];
  let openSockets = 0;
  const seen = new Set<string>();
  for (const { client, heapBytes, sockets } of journal.footprints) {
    (seen.has(client) ? ends : begins).push(heapBytes / 1e6);
    if (seen.has(client)) openSockets = Math.max(openSockets, sockets);
    seen.add(client);
  }
  if (ends.length === 0) return {};
  return { heapMb: { begin: Math.max(...begins), end: Math.max(...ends) }, openSockets };
}

/** From the last healing to the next grant; undefined when nobody asked; Infinity when there was none. */
export function recovery({ journal }: Observed): number | undefined {
  const healed = journal.events.length === 0 ? undefined : healedAt(journal.faults);
  if (healed === undefined) return undefined;
  const after = journal.requests.filter(({ until }) => until >= healed);
  const granted = after.filter(({ outcome }) => outcome === "granted");
  if (after.length === 0) return undefined;
  return Math.min(...granted.map(({ until }) => until - healed));
}

function healedAt(faults: Observed["journal"]["faults"]): number | undefined {
  return faults.findLast(({ kind }) => kind === "healAll")?.at;
}

/** From the death of a holder to the next grant of what it held: the longest. */
function afterCrash({ journal }: Observed): number | undefined {
  const waits = journal.faults
    .filter(({ kind }) => kind === "killClient")
    .flatMap(({ at, clients: [name] }) => {
      const held = lastHeld(journal.events, name ?? "", at);
      if (held === undefined) return [];
      const next = journal.requests
        .filter(({ outcome, until }) => outcome === "granted" && until > at)
        .filter(({ resources }) => resources.includes(held))
        .map(({ until }) => until - at);
      return next.length === 0 ? [] : [Math.min(...next)];
    });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** What a client held at that instant. */
function lastHeld(
  events: Observed["journal"]["events"],
  client: string,
  at: number,
): string | undefined {
  const wishes = new Map<string, string>();
  let held: string | undefined;
  for (const event of events) {
    if (event.at > at) continue;
    if (event.type === "invoke" && event.client === client) {
      wishes.set(event.attempt, event.resources[0] ?? "");
    }
    if (event.type === "granted") held = wishes.get(event.attempt) ?? held;
    const isOver = event.type === "releasing" || event.type === "lost";
    if (isOver && wishes.has(event.attempt)) held = undefined;
  }
  return held;
}

function spread(requests: readonly NotedRequest[]): Spread {
  const sorted = requests.map(({ from, until }) => until - from).toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Jain's index: (sum x)² / (n · sum x²). */
function jain(counts: readonly number[]): number {
  const sum = counts.reduce((a, b) => a + b, 0);
  const squares = counts.reduce((a, b) => a + b * b, 0);
  return squares === 0 ? 1 : (sum * sum) / (counts.length * squares);
}
