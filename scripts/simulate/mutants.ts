/** `npm run simulate:mutants`: every mutant, until a world convicts it. Exit code 1 if one survives. */
import { convict } from "./conviction.ts";
import { mutants } from "./mutant.ts";

const mostRuns = Number(process.argv[2] ?? 3_000);
for (const mutant of mutants) {
  const { isConvicted, runCount, seed, checks } = await convict(mutant, mostRuns);
  const verdict = isConvicted
    ? `convicted by ${checks.join(", ")} in world ${seed ?? "?"}`
    : "SURVIVED";
  process.stdout.write(
    `${mutant.name.padEnd(26)} ${String(runCount).padStart(5)} runs  ${verdict}\n`,
  );
  if (!isConvicted) process.exitCode = 1;
}
