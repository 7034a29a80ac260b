/**
 * Goal: what the command writes down is what the picture draws.
 * Method: the shortest run that breaks a lock, on real masters; its files in a real browser.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { isAvailable } from "../../fixture/available.ts";
import { findBrowser, openFile, startBrowser } from "../../fixture/browser.ts";

const hasBrowser = await isAvailable("Chromium", findBrowser);
const command = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

test.runIf(hasBrowser)(
  "a real run is drawn, and the page of all runs leads to it",
  { timeout: 120_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "quorumlock-real-"));
    const what = [
      "--scenario",
      "restart-empty",
      "--system",
      "plain",
      "--seed",
      "1",
      "--out",
      folder,
    ];
    await promisify(execFile)(process.execPath, [command, "chaos", ...what]);
    expect((await readdir(folder)).toSorted()).toEqual([
      "index.html",
      "restart-empty--plain--1.html",
      "restart-empty--plain--1.json",
    ]);
    const browser = await startBrowser();
    try {
      await using opened = await openFile(browser, join(folder, "index.html"));
      const { page, complaints } = opened;
      await page.click(".matrix .cell");
      await page.waitForSelector("html[data-drawn]");
      expect(await page.locator("h1").innerText()).toContain(
        "Two clients were guaranteed the same lock at the same time, as was to be expected",
      );
      await expect.poll(() => page.locator(".overlap.locks").count()).toBe(1);
      expect(await page.locator(".row.client .name b").allInnerTexts()).toEqual(["A", "B"]);
      expect(await page.locator(".row.node").count()).toBe(3);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await rm(folder, { recursive: true });
    }
  },
);
