/**
 * Goal: one manager grants as https://w3c.github.io/web-locks/ says, for any sequence of requests,
 * releases, aborts and thefts, in both modes and over several resources.
 * Method: random sequences against a model that decides every request on the spot, as the specification
 * does; after every step what is held and what waits is compared.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Mode } from "../../src/core/claim.ts";
import { hold, type Held } from "../../src/testing/web/kit.ts";
import { virtualLocks } from "../fixture/virtual.ts";

type Step =
  | { readonly do: "request"; readonly name: string; readonly mode: Mode }
  | { readonly do: "steal"; readonly name: string }
  | { readonly do: "ifAvailable"; readonly name: string }
  | { readonly do: "end"; readonly which: number }
  | { readonly do: "abort"; readonly which: number };

const name = fc.constantFrom("a", "b");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("request" as const),
      name,
      mode: fc.constantFrom<Mode>("exclusive", "shared"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("steal" as const, "ifAvailable" as const), name }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("end" as const, "abort" as const),
      which: fc.nat(20),
    }),
  },
);

interface Entry {
  readonly id: number;
  readonly name: string;
  readonly mode: Mode;
}

/** The lock request queues and the held lock set of the specification. */
class Model {
  held: Entry[] = [];
  readonly queues = new Map<string, Entry[]>();

  queue(of: string): Entry[] {
    const queue = this.queues.get(of) ?? [];
    this.queues.set(of, queue);
    return queue;
  }

  isGrantable(entry: Entry): boolean {
    const queue = this.queue(entry.name);
    if (queue.length > 0 && queue[0] !== entry) return false;
    const holders = this.held.filter((each) => each.name === entry.name);
    if (entry.mode === "exclusive") return holders.length === 0;
    return holders.every((each) => each.mode === "shared");
  }

  process(of: string): void {
    const queue = this.queue(of);
    for (let first = queue[0]; first !== undefined && this.isGrantable(first); first = queue[0]) {
      queue.shift();
      this.held.push(first);
    }
  }

  request(entry: Entry): void {
    this.queue(entry.name).push(entry);
    this.process(entry.name);
  }

  steal(entry: Entry): void {
    this.held = this.held.filter((each) => each.name !== entry.name);
    this.queue(entry.name).unshift(entry);
    this.process(entry.name);
  }

  remove(id: number): void {
    this.held = this.held.filter((each) => each.id !== id);
    for (const [of, queue] of this.queues) {
      this.queues.set(
        of,
        queue.filter((each) => each.id !== id),
      );
      this.process(of);
    }
  }

  get pending(): Entry[] {
    return [...this.queues.values()].flat();
  }
}

function infoOf(entries: readonly { name: string; mode: Mode }[]): string[] {
  return entries.map(({ name: of, mode }) => `${of} ${mode}`).toSorted();
}

test("held and pending are what the specification makes of the same calls", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { manager, world } = virtualLocks(3);
      const locks = manager({ waitMs: Infinity });
      const model = new Model();
      const running: { id: number; held: Held; controller: AbortController }[] = [];
      for (const [id, each] of steps.entries()) {
        const controller = new AbortController();
        if (each.do === "request") {
          const { mode } = each;
          const held = hold(locks, each.name, { mode, signal: controller.signal });
          running.push({ id, controller, held });
          model.request({ id, name: each.name, mode });
        } else if (each.do === "steal") {
          running.push({ id, controller, held: hold(locks, each.name, { steal: true }) });
          model.steal({ id, name: each.name, mode: "exclusive" });
        } else if (each.do === "ifAvailable") {
          const got = locks.request(each.name, { ifAvailable: true }, (lock) => lock !== null);
          const entry: Entry = { id, name: each.name, mode: "exclusive" };
          expect(await world.clock.finish(got)).toBe(model.isGrantable(entry));
        } else if (each.do === "end" || each.do === "abort") {
          const target = running[each.which % Math.max(1, running.length)];
          if (target === undefined) continue;
          const isPending = model.pending.some((entry) => entry.id === target.id);
          if (each.do === "abort" && isPending && steps[target.id]?.do === "request") {
            target.controller.abort();
            model.remove(target.id);
          } else if (each.do === "end" && !isPending) {
            target.held.end();
            await world.clock.finish(target.held.done.catch(() => {}));
            model.remove(target.id);
          }
        }
        const { held, pending } = await world.clock.finish(locks.query());
        expect(infoOf(held)).toEqual(infoOf(model.held));
        expect(infoOf(pending)).toEqual(infoOf(model.pending));
        for (const of of ["a", "b"]) {
          const modes = (list: readonly { name: string; mode: Mode }[]) =>
            list.filter((entry) => entry.name === of).map(({ mode }) => mode);
          expect(modes(pending)).toEqual(modes(model.queue(of)));
        }
      }
    }),
    { numRuns: 400 },
  );
});
