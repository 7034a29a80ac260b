import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Those install packages: `npm run check:package`.
    exclude: ["test/package/**"],
    globalSetup: ["test/fixture/build.ts"],
    pool: "forks",
    // Most of the time servers are waited for: two files at a time also where there are two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // A flake is a defect: nothing is tried a second time.
    retry: 0,
    reporters: ["default", "./test/fixture/counts-reporter.ts"],
  },
});
