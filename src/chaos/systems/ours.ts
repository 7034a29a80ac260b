import type { Settings, System, Wanted } from "./system.ts";

/** Longer than usual: a busy machine is not what is tried here. */
const roundTimeoutMs = 300;

export function ordinary({ ttlMs, maxSkewMs }: Wanted): Settings {
  return { maxTtlMs: ttlMs, maxSkewMs, roundTimeoutMs };
}

export const ours: Omit<System, "name" | "about"> = {
  kind: "ours",
  adapter: "quorumlock",
  column: "default",
  hasTokens: true,
  modes: ["exclusive", "shared"],
  takesSeveral: true,
  settings: ordinary,
};

export const ownSystems: readonly System[] = [
  { ...ours, name: "quorumlock", about: "This library, as it is." },
  {
    ...ours,
    name: "quorumlock:strict",
    about: "This library with strictClock: true.",
    column: "strict",
    settings: ({ ttlMs }) => ({
      ...{ maxTtlMs: ttlMs, roundTimeoutMs, strictClock: true },
    }),
  },
];

export const plainSystem: System = {
  ...ours,
  name: "plain",
  about: "Redlock as its page on redis.io has it, through ioredis as it comes.",
  kind: "plain",
  adapter: "plain",
  column: "plain",
  hasTokens: false,
  modes: ["exclusive"],
  takesSeveral: false,
  settings: () => ({}),
};
