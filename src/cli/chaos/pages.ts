import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { matrixPageOf } from "../../chaos/picture/matrix-page.ts";
import { pictureOf } from "../../chaos/picture/picture.ts";
import type { RunRecord } from "../../chaos/record.ts";
import type { Outcome } from "./report.ts";

/** The picture of a run, beside the record and named like it. */
export async function keepPicture(record: RunRecord, folder: string, file: string): Promise<void> {
  await writeFile(join(folder, pictureName(file)), pictureOf(record));
}

/** The way to all pictures. */
export async function keepMatrix(outcomes: readonly Outcome[], folder: string): Promise<void> {
  const runs = outcomes.map(({ system, scenario, record, file, skipped }) => ({
    system: system.name,
    scenario,
    seed: record?.seed ?? "",
    ...(record !== undefined && { verdict: record.verdict }),
    ...(file !== undefined && { href: encodeURIComponent(pictureName(file)) }),
    ...(skipped !== undefined && { skipped }),
  }));
  await writeFile(join(folder, "index.html"), matrixPageOf(runs));
}

function pictureName(file: string): string {
  return file.replace(/\.json$/, ".html");
}
