import type { OpenSystem } from "../system.ts";
import { effortOf, memory, Trouble, type Effort } from "./effort.ts";

export interface Taken extends Effort {
  readonly pairs: number;
  readonly errors: Readonly<Record<string, number>>;
  /** It did not come to its end: nothing happened for as long as `patienceMs`. */
  readonly isStuck: boolean;
}

export interface Alone extends Taken {
  /** Microseconds, in the order in which they were asked for. */
  readonly acquireUs: readonly number[];
  readonly releaseUs: readonly number[];
}

interface Patience {
  /** For how long nothing may happen, in milliseconds. */
  readonly patienceMs?: number;
}

/** One lock after the other. A failed try takes its time, too. */
export async function alone(
  system: OpenSystem,
  options: Patience & {
    readonly resource: string;
    readonly pairs: number;
    /** It ends earlier when it takes longer, in milliseconds. */
    readonly mostMs?: number;
  },
): Promise<Alone> {
  const [acquireUs, releaseUs]: [number[], number[]] = [[], []];
  const taken = await patiently(options, async (happened, trouble) => {
    const until = performance.now() + (options.mostMs ?? Infinity);
    for (let i = 0; i < options.pairs && performance.now() < until; i++) {
      const start = performance.now();
      try {
        const giveBack = await system.acquire(options.resource);
        const held = performance.now();
        acquireUs.push(1_000 * (held - start));
        await giveBack();
        releaseUs.push(1_000 * (performance.now() - held));
      } catch (error) {
        trouble.add(error);
        if (acquireUs.length === releaseUs.length)
          acquireUs.push(1_000 * (performance.now() - start));
      }
      happened();
    }
  });
  return { ...taken, acquireUs, releaseUs, pairs: releaseUs.length };
}

/** Different locks, all at once, so many times. */
export function atOnce(
  system: OpenSystem,
  options: Patience & {
    readonly resource: string;
    readonly count: number;
    readonly times: number;
  },
): Promise<Taken> {
  return patiently(options, async (happened, trouble) => {
    for (let i = 0; i < options.times; i++) await together(system, options, happened, trouble);
  });
}

type ForSeconds = Patience & {
  readonly resource: string;
  readonly count: number;
  readonly seconds: number;
};

/** The same for a number of seconds. */
export function during(system: OpenSystem, options: ForSeconds): Promise<Taken> {
  const until = performance.now() + 1_000 * options.seconds;
  return patiently(options, async (happened, trouble) => {
    while (performance.now() < until) await together(system, options, happened, trouble);
  });
}

export interface Loaded extends Taken {
  /** By how many bytes the memory in use grew. */
  readonly grownBytes: number;
}

/** The same, with a look at the memory before and after. */
export async function load(system: OpenSystem, options: ForSeconds): Promise<Loaded> {
  const before = memory();
  const taken = await during(system, options);
  return { ...taken, grownBytes: memory() - before };
}

async function together(
  system: OpenSystem,
  { resource, count }: { readonly resource: string; readonly count: number },
  happened: (pairs: number) => void,
  trouble: Trouble,
): Promise<void> {
  let pairs = 0;
  const one = async (index: number): Promise<void> => {
    try {
      const giveBack = await system.acquire(`${resource}:${index}`);
      await giveBack();
      pairs++;
    } catch (error) {
      trouble.add(error);
    }
  };
  await Promise.all(Array.from({ length: count }, (_, index) => one(index)));
  happened(pairs);
}

/** Gives up on work in which nothing happens any more: some libraries wait for a hung master for ever. */
async function patiently(
  { patienceMs = 30_000 }: Patience,
  work: (happened: (pairs?: number) => void, trouble: Trouble) => Promise<void>,
): Promise<Taken> {
  const trouble = new Trouble();
  let pairs = 0;
  let isStuck = false;
  const effort = await effortOf(async () => {
    let last = performance.now();
    const happened = (more = 0): void => {
      if (isStuck) throw new Error("it went on after it was given up");
      pairs += more;
      last = performance.now();
    };
    let timer: NodeJS.Timeout | undefined;
    const impatience = new Promise<void>((resolve) => {
      timer = setInterval(() => {
        if (performance.now() - last < patienceMs) return;
        isStuck = true;
        resolve();
      }, 50);
    });
    await Promise.race([work(happened, trouble), impatience]);
    clearInterval(timer);
  });
  if (isStuck) trouble.counts["stuck until it was given up"] = 1;
  return { ...effort, pairs, isStuck, errors: { ...trouble.counts } };
}
