/**
 * Goal: whoever opens the picture of a run sees at once what went wrong, can come as close as they like, and
 * needs neither a network nor a mouse.
 * Method: pictures of made-up runs, in a real browser. What was drawn is read from the canvas.
 */
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pictureOf } from "../../../src/chaos/picture/picture.ts";
import { isAvailable } from "../../fixture/available.ts";
import { findBrowser, openFile, startBrowser, type OpenPage } from "../../fixture/browser.ts";
import { contrastsOf } from "./contrast.ts";
import { madeUp, type MadeUpOptions } from "./made-up.ts";

const hasBrowser = await isAvailable("Chromium", findBrowser);

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quorumlock-picture-"));
  if (hasBrowser) browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

type Look = Parameters<typeof openFile>[2];

async function open(options: MadeUpOptions, look?: Look, hash = ""): Promise<OpenPage> {
  const file = join(folder, `${JSON.stringify(options).replaceAll(/\W+/g, "-")}.html`);
  await writeFile(file, pictureOf(madeUp(options)));
  const opened = await openFile(browser, file + hash, look);
  await opened.page.waitForSelector("html[data-drawn]", { timeout: 30_000 });
  await settled(opened.page);
  return opened;
}

/** Until what was asked for is drawn. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

const range = (page: Page): Promise<string> => page.locator("#range").innerText();

/** How many pixels of a row's canvas have a colour of the page. */
async function pixelCount(page: Page, row: string, color: string): Promise<number> {
  await settled(page);
  return await page.evaluate(
    ([selector, name]) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`${selector} canvas`)!;
      const [r, g, b] = getComputedStyle(document.documentElement)
        .getPropertyValue(`--${name}`)
        .match(/[\da-f]{2}/gi)!
        .map((part) => Number.parseInt(part, 16));
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let place = 0; place < data.length; place += 4) {
        if (data[place] === r && data[place + 1] === g && data[place + 2] === b) count++;
      }
      return count;
    },
    [row, color],
  );
}

const overlapping: MadeUpOptions = { overlapCount: 3 };

describe.runIf(hasBrowser)("the picture of a run", { timeout: 60_000 }, () => {
  test("needs no network and complains of nothing", async () => {
    await using opened = await open(overlapping);
    expect(opened.complaints).toEqual([]);
    expect(await opened.page.locator(".row.client").count()).toBe(6);
    expect(await opened.page.locator(".row.node").count()).toBe(5);
  });

  test("says first what came out of it, in words", async () => {
    await using opened = await open(overlapping);
    const heading = await opened.page.locator("h1").innerText();
    expect(heading).toMatch(
      /^Two clients were guaranteed the same lock at the same time \(3 times\)/,
    );
    expect(await opened.page.locator(".outcome").innerText()).toBe("Not as expected");
    expect(await opened.page.locator(".promises tbody tr").count()).toBe(9);
    expect(await opened.page.locator("#replay").innerText()).toContain("--seed 1");
  });

  test("begins at the first overlap, which nobody can miss", async () => {
    await using opened = await open(overlapping);
    const { page } = opened;
    const box = (await page.locator(".overlap.locks").first().boundingBox())!;
    expect(box.width).toBeGreaterThan(40);
    expect(box.height).toBeGreaterThan(200);
    expect(await page.locator(".overlap.pair").count()).toBe(2);
    expect(await pixelCount(page, ".row.overlaps", "alarm")).toBeGreaterThan(500);
    expect(await pixelCount(page, ".row.client", "alarm")).toBeGreaterThan(100);
  });

  test("shows overlaps of two locks from any distance, and none where there is none", async () => {
    await using bad = await open(overlapping);
    await bad.page.click("#whole");
    await settled(bad.page);
    expect(await bad.page.locator(".overlap.locks").count()).toBe(3);
    await using good = await open({ seed: 2 });
    expect(await good.page.locator(".overlap.locks").count()).toBe(0);
    expect(await range(good.page)).toContain("the whole run");
    expect(await good.page.locator("h1").innerText()).toContain("All that had to hold held");
  });

  test("comes closer and goes farther by buttons, wheel and keys", async () => {
    await using opened = await open({ seed: 2 });
    const { page } = opened;
    const seen = [await range(page)];
    const step = async (act: () => Promise<unknown>): Promise<void> => {
      await act();
      await settled(page);
      expect(seen).not.toContain(await range(page));
      seen.push(await range(page));
    };
    await step(() => page.click("#closer"));
    await step(() => page.click("#later"));
    await page.locator(".row.client").first().hover();
    await step(async () => {
      await page.keyboard.down("Control");
      await page.mouse.wheel(0, -300);
      await page.keyboard.up("Control");
    });
    await step(() => page.mouse.wheel(120, 0));
    await page.locator("#chart").focus();
    await step(() => page.keyboard.press("+"));
    await step(() => page.keyboard.press("Shift+ArrowRight"));
    await step(() => page.keyboard.press("-"));
    await page.keyboard.press("0");
    await settled(page);
    expect(await range(page)).toBe(seen[0]);
  });

  test("moves with a drag, and a wheel alone is left to the page", async () => {
    await using opened = await open(overlapping);
    const { page } = opened;
    const before = await range(page);
    await page.locator(".row.client").nth(2).scrollIntoViewIfNeeded();
    const box = (await page.locator(".row.client .strip").nth(2).boundingBox())!;
    await page.mouse.move(box.x + 500, box.y + 20);
    await page.mouse.wheel(0, -100);
    await settled(page);
    expect(await range(page)).toBe(before);
    await page.mouse.move(box.x + 500, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await settled(page);
    expect(await range(page)).not.toBe(before);
  });
});

describe.runIf(hasBrowser)("what is in the picture", { timeout: 60_000 }, () => {
  test("can be limited to a resource and to clients", async () => {
    await using opened = await open({ seed: 2 });
    const { page } = opened;
    const before = await pixelCount(page, ".row.client", "resource-1");
    expect(before).toBeGreaterThan(50);
    await page.selectOption("#resource", "invoice:1");
    expect(await pixelCount(page, ".row.client", "resource-1")).toBe(0);
    expect(await pixelCount(page, ".row.client", "resource-0")).toBeGreaterThan(50);
    await page.click(".choice summary");
    await page.getByLabel("A", { exact: true }).uncheck();
    expect(await page.locator(".row.client:visible").count()).toBe(5);
    await page.click("#all-clients");
    expect(await page.locator(".row.client:visible").count()).toBe(6);
  });

  test("is reached from the findings: the place is in view, framed and spoken of", async () => {
    await using opened = await open(overlapping);
    const { page } = opened;
    const before = await range(page);
    await page.click("#finding-3 .button");
    await settled(page);
    expect(await range(page)).not.toBe(before);
    await expect
      .poll(() => page.locator("#chart").evaluate((chart) => chart.getBoundingClientRect().top))
      .toBeLessThan(200);
    expect(await page.locator(".chosen rect").count()).toBe(2);
    expect(await page.locator(".chosen line.vote").count()).toBeGreaterThan(4);
    expect(await page.locator("#spoken").innerText()).toMatch(/^Finding 3 of 3: /);
    const at = await page.locator("#chart").evaluate((chart) => chart === document.activeElement);
    expect(at).toBe(true);
  });

  test("is reached by an address, too", async () => {
    await using opened = await open(overlapping, {}, "#t=1000-1200");
    expect(await range(opened.page)).toContain("200 ms of");
    expect(await range(opened.page)).toMatch(/^1\.0/);
    await using second = await open(overlapping, {}, "#show-2");
    expect(await second.page.locator(".chosen rect").count()).toBe(2);
  });

  test("is told by hover and by keys", async () => {
    await using opened = await open(overlapping);
    const { page } = opened;
    await page.locator(".row.overlaps").scrollIntoViewIfNeeded();
    await settled(page);
    const box = (await page.locator(".overlap.locks").first().boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 12);
    await expect.poll(() => page.locator("#card").innerText()).toContain("were both guaranteed");
    await page.locator("#chart").focus();
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const first = await page.locator("#spoken").innerText();
    expect(first).toMatch(/^A (had|asked for) invoice:\d/);
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("#spoken").innerText()).not.toBe(first);
    expect(await page.locator("#card").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    expect(await page.locator("#card").isVisible()).toBe(false);
  });

  test("stands below in words", async () => {
    await using opened = await open(overlapping);
    await opened.page.click("#in-words summary");
    const list = opened.page.locator("#in-words li");
    await expect.poll(() => list.count()).toBeGreaterThan(5);
    expect((await list.allInnerTexts()).join("\n")).toContain("were both guaranteed");
  });

  test.for(["light", "dark"] as const)("can be read in %s", async (colorScheme) => {
    await using opened = await open(overlapping, { colorScheme });
    const contrasts = await contrastsOf(opened.page);
    expect(contrasts.length).toBeGreaterThan(20);
    expect(contrasts.filter(({ ratio, least }) => ratio < least)).toEqual([]);
  });

  test("fits on a narrow screen", async () => {
    await using opened = await open(overlapping, { viewport: { width: 390, height: 800 } });
    const width = await opened.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(390);
    expect(await opened.page.locator(".overlap.locks").count()).toBe(1);
  });
});

describe.runIf(hasBrowser)("a hundred thousand operations", { timeout: 120_000 }, () => {
  test("fit into a file of a few megabytes, and overlaps are still found", async () => {
    const options = { operationCount: 100_000, overlapCount: 5, clientCount: 20, resourceCount: 8 };
    await using opened = await open(options);
    const { page, complaints } = opened;
    expect(complaints).toEqual([]);
    expect((await stat(new URL(page.url()))).size).toBeLessThan(8e6);
    expect(await page.locator(".left-out").innerText()).toContain("the names of attempts");
    expect(await page.locator(".overlap.locks").count()).toBeGreaterThan(0);
    await page.click("#whole");
    await settled(page);
    expect(await range(page)).toContain("the whole run");
    expect(await pixelCount(page, ".row.overlaps", "alarm")).toBeGreaterThan(50);
    await page.click("#closer");
    await settled(page);
    expect(await range(page)).not.toContain("the whole run");
  });
});
