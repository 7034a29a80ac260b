import type { AdapterName } from "../client/message.ts";
import type { System } from "./system.ts";

interface Peer {
  readonly name: string;
  readonly package: string;
  readonly adapter: AdapterName;
  readonly takesSeveral: boolean;
  readonly waitsForAll: boolean;
}

const peers: readonly Peer[] = [
  {
    ...{ name: "redlock", package: "redlock", adapter: "redlock" },
    ...{ takesSeveral: true, waitsForAll: false },
  },
  {
    ...{ name: "sesamecare", package: "@sesamecare-oss/redlock", adapter: "redlock" },
    ...{ takesSeveral: true, waitsForAll: false },
  },
  {
    ...{ name: "redis-semaphore", package: "redis-semaphore", adapter: "redis-semaphore" },
    ...{ takesSeveral: false, waitsForAll: true },
  },
  {
    ...{ name: "redlock-universal", package: "redlock-universal", adapter: "redlock-universal" },
    ...{ takesSeveral: false, waitsForAll: true },
  },
];

/** Other libraries for Node, each as its documentation has it and as a careful user sets it up. */
export const peerSystems: readonly System[] = peers.flatMap((peer) => {
  const { waitsForAll, ...rest } = peer;
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
      waitsForAll,
      about: `${peer.name}${named} with its defaults and those of ioredis.`,
      settings: () => ({ package: peer.package, clients: "defaults" }),
    },
    {
      ...common,
      name: `${peer.name}:sensible`,
      about: `${peer.name}${named} with clients that queue nothing, send nothing again and time out.`,
      settings: () => ({ package: peer.package, clients: "sensible" }),
    },
  ];
});
