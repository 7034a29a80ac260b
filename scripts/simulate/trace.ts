import { simulate } from "../../src/testing/simulation/run.ts";
import type { SimulationOptions } from "../../src/testing/simulation/simulation.ts";

const rest = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** What happened in one world: its faults, and what the first violation is made of. */
export async function printTrace(world: SimulationOptions): Promise<void> {
  const [run] = await simulate([world], { rest });
  if (run === undefined) return;
  process.stdout.write(`\nWorld ${world.seed}, hash ${run.hash}. Its faults:\n`);
  for (const fault of run.faults) process.stdout.write(`  ${JSON.stringify(fault)}\n`);
  const [violation] = run.report.violations;
  if (violation === undefined) return;
  process.stdout.write(`${violation.check}: ${violation.message}\n`);
  for (const event of violation.events) process.stdout.write(`  ${JSON.stringify(event)}\n`);
}
