/**
 * Goal: a picture of a very long run stays small, shows what went wrong all the same, and says what it does
 * not show.
 * Method: made-up runs, drawn with a smaller and smaller limit.
 */
import { expect, test } from "vitest";
import { drawingOf } from "../../../src/chaos/picture/drawing-of.ts";
import { pictureOf } from "../../../src/chaos/picture/picture.ts";
import { madeUp } from "./made-up.ts";

const record = madeUp({ operationCount: 3_000, overlapCount: 4 });

function kept(mostOperations: number): { count: number; longest: number; shortest: number } {
  const { drawing } = drawingOf(record, mostOperations);
  const all = drawing.clients.flatMap(({ operations }) => operations);
  const lengths = all.map(([, waited, , , , , , grant]) => {
    return Math.max(waited, grant === 0 ? 0 : grant[0] + grant[1]);
  });
  return { count: all.length, longest: Math.max(...lengths), shortest: Math.min(...lengths) };
}

test("a run that is not too long is drawn whole", () => {
  expect(kept(3_000).count).toBe(3_000);
  expect(drawingOf(record, 3_000).leftOut).toEqual([]);
});

test("of a longer one the longest operations stay, and the page says what does not", () => {
  expect(kept(500).count).toBe(500);
  expect(kept(500).longest).toBe(kept(3_000).longest);
  expect(drawingOf(record, 500).leftOut.join()).toMatch(
    /^2\u202f500 operations of 3\u202f000: none longer than [\d.]+ ms, none within 250 ms of a finding$/,
  );
  const page = pictureOf(record, { mostOperations: 500 });
  expect(page.length).toBeLessThan(pictureOf(record).length);
  expect(page).toContain("Left out of this picture");
});

test("locks that overlap stay, and what findings are about; overlaps that do not are counted", () => {
  const { drawing, leftOut } = drawingOf(record, 100);
  const all = drawingOf(record, 3_000).drawing;
  const locks = (drawn: typeof all): number =>
    drawn.overlaps.filter(({ kind }) => kind === "locks").length;
  expect(locks(drawing)).toBe(locks(all));
  expect(locks(drawing)).toBeGreaterThanOrEqual(4);
  for (const { operations } of drawing.findings) expect(operations.length).toBe(2);
  expect(leftOut.at(-1)).toBe(`${all.overlaps.length - drawing.overlaps.length} overlaps`);
});

test("overlaps are those of one resource that exclude each other", () => {
  const base = madeUp({ operationCount: 0, clientCount: 2 });
  const grant = (attempt: string, from: number, until: number, mode: "exclusive" | "shared") => {
    const ending = "released" as const;
    return { attempt, from, until, mode, resources: ["r"], extensions: [], ending };
  };
  const overlaps = (modes: readonly ["exclusive" | "shared", "exclusive" | "shared"]): number[] => {
    const [a, b] = base.clients;
    const clients = [
      { ...a!, grants: [grant("a", 0, 10, modes[0])] },
      { ...b!, grants: [grant("b", 8, 20, modes[1]), grant("c", 20, 30, "exclusive")] },
    ];
    const { drawing } = drawingOf({ ...base, durationMs: 40, clients }, 10);
    return drawing.overlaps.flatMap(({ from, until }) => [from, until]);
  };
  expect(overlaps(["exclusive", "exclusive"])).toEqual([8_000, 10_000]);
  expect(overlaps(["shared", "exclusive"])).toEqual([8_000, 10_000]);
  expect(overlaps(["shared", "shared"])).toEqual([]);
});

test("nothing that a record says becomes part of the page's own text", () => {
  const evil = `</script><script>alert("1")</script>`;
  const system = { ...record.system, about: evil, name: evil };
  const clients = record.clients.map((lane) => ({ ...lane, name: evil }));
  const page = pictureOf({ ...record, system, clients });
  expect(page).not.toContain(evil);
  expect(page.match(/<\/script>/g)).toHaveLength(2);
});
