import { prepareEnsemble } from "../../masters/ensemble.ts";
import type { ZooKeeperServer } from "../../masters/zookeeper-server.ts";
import { zookeeperBackend } from "../../zookeeper.ts";
import { AuthorityNode, type Server } from "./authority-node.ts";
import { seenBy } from "./look.ts";
import type { NodesOptions } from "./start-nodes.ts";

/** Longer than an ensemble takes to agree again. */
const sessionTimeoutMs = 30_000;

/** An ensemble of three, which serves. */
export async function startEnsembleNodes({
  journal,
  resources,
}: NodesOptions): Promise<readonly AuthorityNode[]> {
  const { servers, origin, close } = await prepareEnsemble();
  const names = servers.map(({ name }) => name);
  const look = zookeeperBackend(names.join(","), { sessionTimeoutMs });
  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await look.close();
    await close();
  };
  try {
    await Promise.all(servers.map((server) => server.start()));
    await Promise.all(servers.map((server) => server.serves()));
    await seenBy(look, "the ensemble", resources);
  } catch (error) {
    await end();
    throw error;
  }
  journal.begin();
  return servers.map((server, index) => {
    const name = `node ${index + 1}`;
    const hurt = hurtable(server);
    // All of them say the same.
    const leftovers: Server["leftovers"] = () =>
      index === 0 ? seenBy(look, name, resources) : Promise.resolve([]);
    const closing = (): Promise<void> => (ending ??= end());
    return new AuthorityNode({
      ...{ name, journal },
      server: { ...hurt, origin, leftovers, close: closing },
    });
  });
}

function hurtable(server: ZooKeeperServer): Omit<Server, "origin" | "leftovers" | "close"> {
  return {
    url: `zookeeper://${server.name}`,
    role: () => server.mode(),
    kill: () => server.kill(),
    start: () => server.start(),
    freeze: () => server.pause(),
    thaw: () => Promise.resolve(server.resume()),
    mend: async () => {
      // One that was frozen takes its time to find the others again.
      if (server.wasFrozen) {
        await server.kill();
        await server.start();
      }
      await server.serves();
    },
  };
}
