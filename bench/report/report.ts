import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format } from "prettier";
import type { Run } from "../result.ts";
import type { Workload } from "../workload.ts";
import { chart } from "./chart.ts";
import { page, pictures, tables, type PageChart } from "./page.ts";
import { readRuns } from "./results.ts";

const folder = "benchmarks";

/**
 * Writes the page and its charts; resolves to what was written.
 *
 * @throws {Error} when a file is no result, or when they are of different machines.
 */
export async function report(
  files: readonly string[],
  { into, workloads }: { readonly into: string; readonly workloads: readonly Workload[] },
): Promise<string[]> {
  const run = await readRuns(files);
  const drawn = workloads.flatMap((workload) => drawnOf(run, workload));
  await mkdir(join(into, folder), { recursive: true });
  for (const { path, svg } of drawn) await writeFile(join(into, path), svg);
  const text = await format(page(run, workloads, drawn), { parser: "markdown" });
  await writeFile(join(into, "BENCHMARKS.md"), text);
  const others = await choosing(run, { into, workloads, drawn });
  const written = ["BENCHMARKS.md", ...others, ...drawn.map(({ path }) => path)];
  return written.map((path) => join(into, path));
}

const choosingPage = "CHOOSING.md";
const figuresMark = /(<!-- figures -->)[^]*(<!-- \/figures -->)/;

/** The page that compares the systems has its figures from the same run. Resolves to what was written. */
async function choosing(
  run: Run,
  using: {
    readonly into: string;
    readonly workloads: readonly Workload[];
    readonly drawn: readonly PageChart[];
  },
): Promise<string[]> {
  const workload = using.workloads.find(({ name }) => name === "compare");
  const result = run.results["compare"];
  const path = join(using.into, choosingPage);
  const text = await readFile(path, "utf8").catch(() => "");
  if (workload === undefined || result === undefined || !figuresMark.test(text)) return [];
  const parts = [...pictures("compare", using.drawn), ...tables(workload, result)];
  const source =
    "How it was measured, on which machine and when: [BENCHMARKS.md](BENCHMARKS.md#compare).";
  const figures = [...parts, source].join("\n\n");
  const put = (_: string, begin: string, end: string): string => `${begin}\n\n${figures}\n\n${end}`;
  await writeFile(path, await format(text.replace(figuresMark, put), { parser: "markdown" }));
  return [choosingPage];
}

function drawnOf(run: Run, { name, figures, charts }: Workload): (PageChart & { svg: string })[] {
  return charts.flatMap(({ figure: key, title, cases: wanted }) => {
    const figure = figures.find((each) => each.key === key);
    const cases = (run.results[name]?.cases ?? []).filter(
      (each) =>
        (wanted?.some((begin) => each.name.startsWith(begin)) ?? true) &&
        each.rows.some((row) => row.figures[key] !== undefined),
    );
    if (figure === undefined || cases.length === 0) return [];
    const path = `${folder}/${name}-${key}.svg`;
    return [{ workload: name, title, path, svg: chart(title, figure, cases) }];
  });
}
