import { pathToFileURL } from "node:url";

export type Simulate = (typeof import("../../src/testing/simulation/run.ts"))["simulate"];

/** The simulation of a build, which may be a broken one. */
export async function builtSimulate(source: string): Promise<Simulate> {
  const { href } = pathToFileURL(`${source}/testing/simulation/run.js`);
  const { simulate } = (await import(href)) as { readonly simulate: Simulate };
  return simulate;
}

/** Lets promises come to rest. */
export function rest(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
