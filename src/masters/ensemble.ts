import { access, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { freePort } from "./port.ts";
import { findProgram } from "./program.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { ZooKeeperServer, type ZooKeeperPrograms } from "./zookeeper-server.ts";

const count = 3;

/** Where Debian's package keeps it, with what it needs named inside. */
const jar = "/usr/share/java/zookeeper.jar";

export interface EnsembleOptions {
  /** How many elections there have been before the first start. */
  readonly epoch?: number;
  /**
   * How often empty containers are looked for, in milliseconds.
   *
   * @defaultValue 60 000, as it is usually configured
   */
  readonly containerCheckMs?: number;
}

/** ZooKeeper's programs, or `undefined` when it is not installed. */
export async function findZooKeeper(): Promise<ZooKeeperPrograms | undefined> {
  const java = await findProgram("java");
  if (java === undefined) return undefined;
  const isThere = access(jar).then(
    () => true,
    () => false,
  );
  return (await isThere) ? { java, jar } : undefined;
}

/** Servers of one ensemble that are to be started, and what ends them. */
export interface EnsembleServers {
  readonly servers: readonly ZooKeeperServer[];
  /** What is run, in words. */
  readonly origin: string;
  /** Ends all and removes their data. */
  readonly close: () => Promise<void>;
}

/** Three on free ports of 127.0.0.1, their data in a temporary folder. They end with this process. */
export async function prepareEnsemble(options: EnsembleOptions = {}): Promise<EnsembleServers> {
  const programs = await findZooKeeper();
  if (programs === undefined) throw new Error("ZooKeeper is not installed");
  const folder = await temporaryFolder("quorumlock-zookeeper-");
  const servers = await makeServers(folder.path, programs, options);
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.kill()));
    await folder.remove();
  };
  const origin = `${basename(await realpath(programs.jar), ".jar")}, installed`;
  return { servers, origin, close };
}

async function makeServers(
  folder: string,
  programs: ZooKeeperPrograms,
  { epoch, containerCheckMs = 60_000 }: EnsembleOptions,
): Promise<ZooKeeperServer[]> {
  const ports: number[] = [];
  while (ports.length < 3 * count) {
    const port = await freePort();
    if (!ports.includes(port)) ports.push(port);
  }
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const configuration = [
    ...["tickTime=200", "initLimit=25", "syncLimit=10"],
    ...["minSessionTimeout=400", "maxSessionTimeout=120000", "maxClientCnxns=0"],
    ...["4lw.commands.whitelist=srvr,dump", "forceSync=no", "skipACL=no"],
    ...["quorumListenOnAllIPs=false", "autopurge.purgeInterval=0"],
    ...ids.map((id) => `server.${id}=127.0.0.1:${ports[id * 3 - 2]}:${ports[id * 3 - 1]}`),
  ];
  const servers = ids.map(
    (id) =>
      new ZooKeeperServer({
        ...programs,
        folder: join(folder, String(id)),
        id,
        port: ports[id * 3 - 3] ?? 0,
        configuration,
        epoch,
        containerCheckMs,
      }),
  );
  await Promise.all(servers.map((server) => server.prepare()));
  return servers;
}
