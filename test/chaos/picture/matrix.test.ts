/**
 * Goal: one page says of every system and scenario what broke, what of it was expected, and leads to the pictures.
 * Method: the page of made-up runs, in a real browser.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { matrixPageOf, type MatrixRun } from "../../../src/chaos/picture/matrix-page.ts";
import { isAvailable } from "../../fixture/available.ts";
import { findBrowser, openFile, startBrowser } from "../../fixture/browser.ts";
import { madeUp } from "./made-up.ts";

const hasBrowser = await isAvailable("Chromium", findBrowser);
const good = madeUp({ operationCount: 200 }).verdict;
const bad = madeUp({ operationCount: 400, overlapCount: 2 }).verdict;

const run = (system: string, name: string, rest: Partial<MatrixRun>): MatrixRun => {
  const scenario = { name, row: name === "calm" ? 1 : 23, about: "What is done." };
  return { system, scenario, seed: "1", href: `${name}--${system}.html`, ...rest };
};
const expected = {
  outcome: "as expected" as const,
  properties: bad.properties.map((each) => {
    const isBroken = each.property === "exclusion";
    return isBroken ? { ...each, expected: "breaks" as const, isAsExpected: true } : each;
  }),
};
const runs: MatrixRun[] = [
  run("quorumlock", "restart-empty", { verdict: good }),
  run("quorumlock", "calm", { verdict: good }),
  run("plain", "restart-empty", { verdict: expected }),
  run("plain", "calm", { verdict: bad }),
  run("redlock", "restart-empty", { verdict: { ...good, outcome: "inconclusive" } }),
];

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quorumlock-matrix-"));
  await writeFile(join(folder, "index.html"), matrixPageOf(runs));
  if (hasBrowser) browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

describe.runIf(hasBrowser)("the page of all runs", { timeout: 60_000 }, () => {
  test("counts them, and begins with what is not as expected", async () => {
    await using opened = await openFile(browser, join(folder, "index.html"));
    const { page, complaints } = opened;
    expect(await page.locator("h1").innerText()).toBe(
      "5 runs: 3 as expected, 1 not as expected, 1 inconclusive. Something broke in 2.",
    );
    expect(await page.locator(".wrong-list").innerText()).toMatch(
      /plain, calm, seed 1.*exclusion\u00a02/,
    );
    expect(complaints).toEqual([]);
  });

  test("has a cell for each, in words and with its picture", async () => {
    await using opened = await openFile(browser, join(folder, "index.html"));
    const cells = opened.page.locator(".matrix tbody td");
    const words = (await cells.allInnerTexts()).map((text) =>
      text.trim().replaceAll("\u00a0", " "),
    );
    expect(words).toEqual(["held", "exclusion 2", "", "held", "exclusion 2", "inconclusive"]);
    const looks = await opened.page
      .locator(".matrix .cell")
      .evaluateAll((all) => all.map((cell) => [cell.className, cell.getAttribute("href")]));
    expect(looks).toEqual([
      ["cell held", "calm--quorumlock.html"],
      ["cell wrong", "calm--plain.html"],
      ["cell held", "restart-empty--quorumlock.html"],
      ["cell broke", "restart-empty--plain.html"],
      ["cell open", "restart-empty--redlock.html"],
    ]);
    const names = await opened.page
      .getByRole("link", { name: "plain, calm, seed 1: not as expected" })
      .count();
    expect(names).toBe(1);
    expect(await opened.page.locator(".matrix tfoot").innerText()).toMatch(
      /0 of 2\s+2 of 2\s+0 of 1/,
    );
  });
});

describe("what could not be run", () => {
  test("is said, with the reason", () => {
    const { href: _, ...skipped } = run("plain", "calm", { skipped: "no libfaketime" });
    const page = matrixPageOf([...runs.slice(0, 3), skipped]);
    expect(page).toContain("1 could not be run here");
    expect(page).toContain('title="no libfaketime"');
  });
});
