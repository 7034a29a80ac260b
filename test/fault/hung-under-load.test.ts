/**
 * Goal: a master that hangs under load is left alone and told of, what it was asked before does nothing
 * when it wakes up, and what waits for it is bounded.
 * Method: SIGSTOP on a real redis-server while locks are taken, and what MONITOR shows after SIGCONT.
 */
import { Socket } from "node:net";
import { expect, test, vi } from "vitest";
import type { NodeEvent } from "../../src/redis.ts";
import { eventually } from "../fixture/eventually.ts";
import { useCluster } from "../fixture/cluster.ts";

const maxSkewMs = 500;
const cluster = useCluster(5, [], { maxTtlMs: 2_000, maxSkewMs });

/** The highest ballots of a record with one holder: what acquires bring, and what scripts write for them. */
const ballots = /^(\d{16}) \1$/;

function loaded() {
  const events: NodeEvent[] = [];
  const onEvent = (event: NodeEvent): void => void events.push(event);
  const options = { onEvent, roundTimeoutMs: 500 };
  const locks = cluster.locks({ defaults: { ttlMs: 2_000 }, options });
  const load = async (): Promise<void> => {
    const names = Array.from({ length: 100 }, (_, index) => `load:${index}`);
    await Promise.all(names.map((name) => locks.request(name, () => 1)));
  };
  const name = new URL(cluster.urls()[0] ?? "").host;
  const told = (type: NodeEvent["type"]): NodeEvent | undefined =>
    events.find((event) => event.type === type && event.node === name);
  const underLoadUntil = async (type: NodeEvent["type"]): Promise<void> => {
    while (told(type) === undefined) await load();
  };
  return { locks, load, told, underLoadUntil, name };
}

test("no acquire that it was sent before it hung takes effect when it wakes up", async () => {
  const { locks, load, told, underLoadUntil, name } = loaded();
  await load();
  const seen: { readonly source: string; readonly args: readonly string[] }[] = [];
  const acquires = (isBy: (source: string) => boolean): number =>
    seen.filter(({ source, args }) => isBy(source) && args.some((text) => ballots.test(text)))
      .length;
  const called = (): number => acquires((source) => source !== "lua");
  const effective = (): number => acquires((source) => source === "lua");
  const monitor = await cluster.client(0).monitor();
  monitor.on("monitor", (_: string, args: string[], source: string) => seen.push({ source, args }));
  await load();
  await eventually(async () => expect([called(), effective()].includes(0)).toBe(false));
  await cluster.master(0).pause();
  await underLoadUntil("overdue");
  expect(told("overdue")).toMatchObject({ node: name, votesInMs: Infinity });
  expect(told("overdue")?.message).toMatch(/has answered nothing for \d+ ms, and is not asked/);
  const { nodes } = await locks.inspect("load:0");
  const reason = expect.stringMatching(/overdue|disconnected/) as string;
  expect(nodes[0]).toMatchObject({ answer: "unknown", reason });
  // The nodes take ballots of so long ago, and nothing older.
  for (const end = performance.now() + 2 * maxSkewMs; performance.now() < end;) await load();
  seen.length = 0;
  await cluster.master(0).resume();
  await eventually(async () => {
    const after = await locks.inspect("load:0");
    expect(after.nodes[0]?.answer).toBe("free");
  });
  expect(told("answering")).toMatchObject({ node: name, votesInMs: 0 });
  await cluster.client(0).echo("the end");
  await eventually(async () => expect(seen.some(({ args }) => args[1] === "the end")).toBe(true));
  monitor.disconnect();
  expect(called(), "acquires that it got late").toBeGreaterThan(0);
  expect(effective()).toBe(0);
});

test("while it hangs, nothing is queued for it but a few looks whether it is back", async () => {
  const { load, underLoadUntil, name } = loaded();
  await load();
  const write = vi.spyOn(Socket.prototype, "write");
  await cluster.master(0).pause();
  await underLoadUntil("overdue");
  write.mockClear();
  for (let round = 0; round < 20; round++) await load();
  const sent = write.mock.contexts.map((socket) => {
    const { remoteAddress, remotePort } = socket as Socket;
    return `${remoteAddress}:${remotePort}`;
  });
  write.mockRestore();
  const toOthers = sent.filter((each) => each !== name).length / 4;
  expect(toOthers).toBeGreaterThanOrEqual(40);
  expect(sent.length - 4 * toOthers).toBeLessThan(10);
});
