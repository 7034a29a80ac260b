import { readFile } from "node:fs/promises";
import { merged } from "../machine.ts";
import { format, type Run } from "../result.ts";

/**
 * What stands in these files, as one run.
 *
 * @throws {Error} that names the file, or what differs between the machines.
 */
export async function readRuns(files: readonly string[]): Promise<Run> {
  return merged(await Promise.all(files.map((file) => readRun(file))));
}

async function readRun(file: string): Promise<Run> {
  let run: Omit<Run, "format"> & { readonly format: string };
  try {
    run = JSON.parse(await readFile(file, "utf8")) as typeof run;
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (run.format !== format) throw new Error(`${file} is no result of this bench (${format})`);
  return { ...run, format };
}

/** One figure's median; undefined where there is none. */
export function figureOf(run: Run, place: FigurePlace): number | undefined {
  const { workload, system, figure } = place;
  const found = run.results[workload]?.cases.find(({ name }) => name.startsWith(place.case));
  return found?.rows.find((row) => row.system === system)?.figures[figure]?.median;
}

export interface FigurePlace {
  readonly workload: string;
  /** How the name of the case begins. */
  readonly case: string;
  readonly system: string;
  readonly figure: string;
}
