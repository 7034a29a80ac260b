/** `npm run explore`: searches all worlds, prints what came of it; `-- --all`: large ones too. */
import { lockWorld } from "./lock-world.ts";
import { longWorlds, safeWorlds, type Expedition } from "./safe-worlds.ts";
import { explore } from "./search.ts";
import { limits, wrongWorlds } from "./unsafe-worlds.ts";

let isAsExpected = true;

function report(title: string, expeditions: readonly Expedition[], isSafe: boolean): void {
  console.log(`\n${title.padEnd(68)}${"states".padStart(12)}${"seconds".padStart(9)}  result`);
  for (const { name, setting } of expeditions) {
    const startedAt = performance.now();
    const { states, depth, violation } = explore(lockWorld(setting));
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const result = violation === undefined ? `nothing, depth ${depth}` : violation.what;
    const figures = `${states.toLocaleString("en").padStart(12)}${seconds.padStart(9)}`;
    console.log(`${name.padEnd(68)}${figures}  ${result}`);
    if (violation !== undefined) console.log(`    ${violation.trace.join(" · ")}`);
    if ((violation === undefined) !== isSafe) isAsExpected = false;
  }
}

report("Nothing may be found", safeWorlds, true);
if (process.argv.includes("--all")) report("Nothing may be found, larger", longWorlds, true);
report("Must be found: wrong rules, wrong figures", wrongWorlds, false);
report("Must be found: beyond what the rules withstand", limits, false);
if (!isAsExpected) process.exitCode = 1;
