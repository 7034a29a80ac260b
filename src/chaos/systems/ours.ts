import { authorityNames, type Database } from "../authority.ts";
import type { Settings, System, Wanted } from "./system.ts";

/** Longer than usual: a busy machine is not what is tried here. */
const roundTimeoutMs = 300;

export function ordinary({ ttlMs, maxSkewMs }: Wanted): Settings {
  return { maxTtlMs: ttlMs, maxSkewMs, roundTimeoutMs };
}

export const ours: Omit<System, "name" | "about"> = {
  kind: "ours",
  adapter: "quorumlock",
  authority: "redis",
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

/** This library on other authorities than a quorum of masters. */
export const oneAuthoritySystems: readonly System[] = [
  onDatabase("postgres"),
  onDatabase("mariadb"),
  {
    ...ours,
    name: "zookeeper",
    about: "This library on an ensemble of three ZooKeeper servers.",
    authority: "zookeeper",
    nodeCount: 3,
    heldAfterDeathMs: sessionTimeoutMs,
    settings: ({ ttlMs }) => ({ sessionTimeoutMs: sessionTimeoutMs(ttlMs) }),
  },
];

function onDatabase(authority: Database): System {
  return {
    ...ours,
    name: authority,
    about: `This library on one ${authorityNames[authority]} database.`,
    authority,
    nodeCount: 1,
    settings: () => ({ timeoutMs: 2 * roundTimeoutMs }),
  };
}

/** The shortest in which locks of this ttl are granted. */
function sessionTimeoutMs(ttlMs: number): number {
  return Math.ceil(1.5 * ttlMs);
}

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
