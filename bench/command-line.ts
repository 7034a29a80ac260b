import { parseArgs } from "node:util";

export type Wish =
  | {
      readonly kind: "measure";
      readonly workloads: readonly string[];
      readonly isQuick: boolean;
      readonly json: string | undefined;
    }
  | { readonly kind: "report"; readonly files: readonly string[]; readonly into: string };

/** What was asked for, or what is wrong with it. */
export function wishOf(args: readonly string[], known: readonly string[]): Wish | string {
  let parsed;
  try {
    parsed = parse(args);
  } catch (error) {
    // The rest of it is advice on how to pass it as a workload.
    return (error as Error).message.split(". ")[0] ?? "";
  }
  const { values, positionals } = parsed;
  if (positionals[0] === "report") {
    const files = positionals.slice(1);
    if (files.length === 0) return "report: expected the file of a result";
    if (values.quick || values.json !== undefined) return "report: it only takes --into FOLDER";
    return { kind: "report", files, into: values.into ?? "docs" };
  }
  if (values.into !== undefined) return "--into goes with report";
  const unknown = positionals.find((name) => name !== "all" && !known.includes(name));
  if (unknown !== undefined) return `there is no workload ${unknown}`;
  const isAll = positionals.length === 0 || positionals.includes("all");
  const workloads = known.filter((name) => isAll || positionals.includes(name));
  return { kind: "measure", workloads, isQuick: values.quick, json: values.json };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      into: { type: "string" },
    },
  });
}

export const usage: string = `Usage: npm run bench -- [WORKLOAD…|all] [--quick] [--json FILE]
       npm run bench -- report FILE… [--into FOLDER]`;
