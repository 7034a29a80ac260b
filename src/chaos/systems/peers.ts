import type { AdapterName } from "../client/message.ts";
import type { System } from "./system.ts";

interface Peer {
  readonly name: string;
  readonly package: string;
  readonly adapter: AdapterName;
  readonly takesSeveral: boolean;
  readonly mayShowLess: boolean;
  /** Whether it has a `using` that renews. */
  readonly hasUsing: boolean;
}

const peers: readonly Peer[] = [
  {
    ...{ name: "redlock", package: "redlock", adapter: "redlock" },
    ...{ takesSeveral: true, mayShowLess: false, hasUsing: true },
  },
  {
    ...{ name: "sesamecare", package: "@sesamecare-oss/redlock", adapter: "redlock" },
    ...{ takesSeveral: true, mayShowLess: false, hasUsing: true },
  },
  {
    ...{ name: "redis-semaphore", package: "redis-semaphore", adapter: "redis-semaphore" },
    ...{ takesSeveral: false, mayShowLess: true, hasUsing: false },
  },
  {
    ...{ name: "redlock-universal", package: "redlock-universal", adapter: "redlock-universal" },
    ...{ takesSeveral: false, mayShowLess: true, hasUsing: true },
  },
];

/** Other libraries for Node, each as its documentation has it and as a careful user sets it up. */
export const peerSystems: readonly System[] = peers.flatMap((peer) => {
  const { mayShowLess, hasUsing, ...rest } = peer;
  const common = {
    ...rest,
    kind: "peer",
    authority: "redis",
    column: "plain",
    hasTokens: false,
    modes: ["exclusive"],
  } as const;
  const named = peer.package === peer.name ? "" : ` (${peer.package})`;
  const using = {
    ...common,
    name: `${peer.name}:using`,
    mayShowLess: true,
    about: `${peer.name}${named} with its defaults; locks that are renewed are taken by its using.`,
    settings: () => ({ package: peer.package, clients: "defaults", renewal: "using" }),
  };
  return [
    {
      ...common,
      mayShowLess,
      about: `${peer.name}${named} with its defaults and those of ioredis.`,
      settings: () => ({ package: peer.package, clients: "defaults" }),
    },
    {
      ...common,
      name: `${peer.name}:sensible`,
      mayShowLess: true,
      about: `${peer.name}${named} with clients that queue nothing, send nothing again and time out.`,
      settings: () => ({ package: peer.package, clients: "sensible" }),
    },
    ...(hasUsing ? [using] : []),
  ];
});
