import type { Contended } from "./client/contending.ts";
import { jain, quantile, sum } from "./statistics.ts";

export interface Contest {
  /** On the clock of all processes. */
  readonly beginAt: number;
  readonly endAt: number;
  /** In each process. */
  readonly waiters: number;
}

/** What several processes saw of one lock, put together; times are milliseconds. */
export function contention(
  parts: readonly Contended[],
  { beginAt, endAt, waiters }: Contest,
): { figures: Record<string, number>; errors: Record<string, number> } {
  const grants = parts.flatMap((part, process) =>
    part.grants.map((grant) => ({ ...grant, who: process * waiters + grant.waiter })),
  );
  const inOrder = grants.toSorted((a, b) => a.grantedAt - b.grantedAt);
  const handOffs = inOrder.flatMap(({ grantedAt }, index) => {
    const former = inOrder[index - 1];
    return former === undefined ? [] : [grantedAt - former.releaseAt];
  });
  const passedOn = inOrder.filter(({ who }, index) => index > 0 && who !== inOrder[index - 1]?.who);
  const atEnd = endAt - (inOrder.at(-1)?.releaseAt ?? beginAt);
  const shares = parts.flatMap((part) => {
    const counts = Array.from({ length: waiters }, () => 0);
    for (const { waiter } of part.grants) counts[waiter] = (counts[waiter] ?? 0) + 1;
    return counts;
  });
  const waits = grants.map(({ askedAt, grantedAt }) => grantedAt - askedAt);
  const inVain = parts.flatMap((part) => part.waitingSince.map((since) => endAt - since));
  const longest = Math.max(...waits, ...inVain, 0);
  const fairShare = ((endAt - beginAt) * shares.length) / grants.length;
  const figures = {
    grants: (1_000 * grants.length) / (endAt - beginAt),
    handOff: quantile(handOffs, 0.5),
    handOffP99: quantile(handOffs, 0.99),
    passedOn: (100 * passedOn.length) / handOffs.length,
    gap: Math.max(...handOffs, atEnd),
    commands: sum(parts.map(({ commands }) => commands)) / grants.length,
    cpu: sum(parts.map(({ cpuUs }) => cpuUs)) / grants.length,
    jain: jain(shares),
    wait: longest,
    waitRatio: longest / fairShare,
  };
  return { figures, errors: summed(parts.map(({ errors }) => errors)) };
}

function summed(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [what, count] of all.flatMap((each) => Object.entries(each))) {
    total[what] = (total[what] ?? 0) + count;
  }
  return total;
}
