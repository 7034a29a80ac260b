/**
 * Goal: objects as in examples/fenced/object-store.ts refuse stale holders, whatever an ETag
 * tells.
 * Method: on a small object store in this process, which has HTTP and conditional writes from the
 * real ones; with ETags of both kinds.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Change } from "../../examples/fenced/fenced-store.ts";
import { ObjectAccounts } from "../../examples/fenced/object-store.ts";
import { fencedCases, type FencedFixture } from "../fixture/fenced-store.ts";
import { ObjectStore, type EtagKind } from "../fixture/object-store.ts";
import { stopsStaleHolder } from "../fixture/stale-holder.ts";

const kinds: readonly EtagKind[] = ["version", "digest"];

describe.each(kinds)("fenced objects where an ETag is a %s", (kind) => {
  let objects: ObjectStore;
  let fixture: FencedFixture;

  beforeAll(async () => {
    objects = await ObjectStore.start(kind);
    const writes = (id: string): Change[] =>
      objects.writes
        .filter(({ path }) => path === `/${id}`)
        .map(({ text }) => JSON.parse(text) as Change);
    fixture = {
      store: new ObjectAccounts(objects.url),
      read: async (id) => ((await (await fetch(objects.url + id)).json()) as Change).balance,
      accepted: async (id) => writes(id).map(({ fencingToken }) => fencingToken),
    };
  });
  afterAll(() => objects?.close());

  test.for(fencedCases)("%s", ([, check]) => check(fixture));

  test("a write that was prepared before a claim is refused by the store itself", async () => {
    await fixture.store.claim("prepared", 1);
    const etag = (await fetch(`${objects.url}prepared`)).headers.get("etag") ?? "";
    await fixture.store.claim("prepared", 2);
    const late = await fetch(`${objects.url}prepared`, {
      method: "PUT",
      headers: { "if-match": etag },
      body: JSON.stringify({ balance: 9, fencingToken: 1 }),
    });
    expect(late.status).toBe(412);
    expect(await fixture.read("prepared")).toBe(0);
  });

  test("the example stops a stale holder", () =>
    stopsStaleHolder("object-store.ts", { OBJECT_STORE_URL: objects.url }));
});
