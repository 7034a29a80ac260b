import { defineConfig } from "vitest/config";

/** Apart from the other tests: these install packages, and take a minute. */
export default defineConfig({
  test: {
    include: ["test/package/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    retry: 0,
    reporters: ["default", "./test/fixture/counts-reporter.ts"],
  },
});
