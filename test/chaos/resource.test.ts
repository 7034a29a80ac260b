/**
 * Goal: what the lock protects notices what goes wrong with it: stale writes, lost writes, sections that
 * overlap.
 * Method: sections one by one, by hand.
 */
import { expect, test } from "vitest";
import {
  lostEffects,
  lostUnfenced,
  overlappingSections,
} from "../../src/chaos/judge/own-checks.ts";
import { Journal } from "../../src/chaos/run/journal.ts";
import { Resource } from "../../src/chaos/run/resource.ts";
import type { Observed } from "../../src/chaos/run/run.ts";

function world() {
  const journal = new Journal();
  const resource = new Resource(journal);
  const begin = (client: string, fencingToken: number | undefined, more: object = {}): number =>
    resource.begin(client, {
      ...{ attempt: `${client}1`, resource: "r", mode: "exclusive", fencingToken },
      ...more,
    });
  const observed = (): Observed => ({ journal, resource, until: journal.now() }) as Observed;
  return { journal, resource, begin, observed };
}

test("one after the other loses nothing", () => {
  const { resource, begin, observed } = world();
  resource.end(begin("A", 1), true);
  resource.end(begin("B", 2), true);
  expect([...resource.lost("fenced").values()]).toEqual([0]);
  expect(lostUnfenced(observed())).toEqual([]);
  expect(overlappingSections(observed())).toEqual([]);
});

test("a late write is refused where tokens are looked at, and loses another one elsewhere", () => {
  const { resource, begin, observed, journal } = world();
  const old = begin("A", 1);
  const next = begin("B", 2);
  resource.end(next, true);
  resource.end(old, true);
  const [b, a] = resource.outcomes;
  expect([b?.fenced, b?.unfenced]).toEqual(["accepted", "fine"]);
  expect([a?.fenced, a?.unfenced]).toEqual(["refused", "overwrote"]);
  expect([...resource.lost("unfenced").values()]).toEqual([1]);
  expect([...resource.lost("fenced").values()]).toEqual([0]);
  expect(lostUnfenced(observed())).toHaveLength(1);
  expect(overlappingSections(observed())).toHaveLength(1);
  const writes = journal.events.map((event) => (event.type === "write" ? event.accepted : "?"));
  expect(writes).toEqual([true, true, true, false]);
});

test("tokens that do not grow let the fence lose a write, which is C9", () => {
  const { resource, begin, observed } = world();
  const first = begin("A", 1);
  const second = begin("B", 1);
  resource.end(first, true);
  resource.end(second, true);
  expect(lostEffects(observed()).map(({ check }) => check)).toEqual(["C9"]);
});

test("readers may be there together, and beside nobody who writes", () => {
  const { resource, begin, observed } = world();
  const [one, two] = [begin("A", 1, { mode: "shared" }), begin("B", 2, { mode: "shared" })];
  resource.end(one, true);
  resource.end(two, true);
  expect(overlappingSections(observed())).toEqual([]);
  const reader = begin("A", 3, { mode: "shared", attempt: "A2" });
  resource.end(begin("B", 4, { attempt: "B2" }), true);
  resource.end(reader, true);
  expect(overlappingSections(observed())).toHaveLength(1);
});

test("who is gone has written nothing", () => {
  const { resource, begin } = world();
  const section = begin("A", 1);
  resource.abandon("A");
  resource.end(section, true);
  expect(resource.outcomes.map(({ fenced }) => fenced)).toEqual(["unfinished"]);
});
