import type { AdapterName } from "../client/message.ts";
import type { System } from "./system.ts";

interface Peer {
  readonly name: string;
  readonly package: string;
  readonly adapter: AdapterName;
  readonly takesSeveral: boolean;
  readonly mayShowLess: boolean;
}

const peers: readonly Peer[] = [
  {
    ...{ name: "redlock", package: "redlock", adapter: "redlock" },
    ...{ takesSeveral: true, mayShowLess: false },
  },
  {
    ...{ name: "sesamecare", package: "@sesamecare-oss/redlock", adapter: "redlock" },
    ...{ takesSeveral: true, mayShowLess: false },
  },
  {
    ...{ name: "redis-semaphore", package: "redis-semaphore", adapter: "redis-semaphore" },
    ...{ takesSeveral: false, mayShowLess: true },
  },
  {
    ...{ name: "redlock-universal", package: "redlock-universal", adapter: "redlock-universal" },
    ...{ takesSeveral: false, mayShowLess: true },
  },
];

/** Other libraries for Node, each as its documentation has it and as a careful user sets it up. */
export const peerSystems: readonly System[] = peers.flatMap((peer) => {
  const { mayShowLess, ...rest } = peer;
  const common = {
    ...rest,
    kind: "peer",
    column: "plain",
    hasTokens: false,
    modes: ["exclusive"],
  } as const;
  const named = peer.package === peer.name ? "" : ` (${peer.package})`;
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
  ];
});
