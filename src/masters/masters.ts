import { join } from "node:path";
import { containerEngine, ContainerMaster, imageName } from "./container-master.ts";
import { externalMasters } from "./external-master.ts";
import { LocalMaster } from "./local-master.ts";
import type { Master, Masters, MastersOptions } from "./master.ts";
import { findServer, type ServerBinary } from "./server-binary.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export type { Master, Masters, MastersOptions };

/**
 * Real Redis masters on this machine, on free ports of 127.0.0.1 and with their data in a temporary
 * folder. They end with this process, however it ends.
 *
 * Looks, in this order, for running ones in `$QUORUMLOCK_REDIS`; a `redis-server` or `valkey-server`
 * in `$REDIS_SERVER` or PATH; a copy that an earlier run fetched; a copy from the distribution's
 * packages; a container engine.
 *
 * @throws {Error} that says what to install when there is none of these.
 */
export async function startMasters(options: MastersOptions): Promise<Masters> {
  const external = externalMasters();
  if (external !== undefined) return useExternal(external, options.count);
  const binary = await findServer();
  if (binary !== undefined) return startLocal(binary, options);
  try {
    const masters = await startContainers(options);
    if (masters !== undefined) return masters;
  } catch (error) {
    throw new Error(`${advice} (Docker: ${String(error)})`, { cause: error });
  }
  throw new Error(advice);
}

const advice =
  "There is no Redis to start. Install redis-server (Debian: apt-get install redis-server, " +
  "macOS: brew install redis), or start Docker and install the package testcontainers, " +
  "or name running masters in $QUORUMLOCK_REDIS.";

function useExternal(masters: readonly Master[], count: number): Masters {
  if (masters.length < count) {
    throw new RangeError(
      `$QUORUMLOCK_REDIS: expected ${count} addresses or more, got ${masters.length}`,
    );
  }
  return group("from $QUORUMLOCK_REDIS", masters.slice(0, count), async () => {});
}

/** Masters as processes of our own. */
export async function startLocal(found: ServerBinary, options: MastersOptions): Promise<Masters> {
  const { count, isPersistent = false, serverArguments = [], environment } = options;
  const binary = { ...found, environment: { ...found.environment, ...environment } };
  const root = await temporaryFolder("quorumlock-masters-");
  const starting = Array.from({ length: count }, (_, index) => {
    const folder = join(root.path, `master-${index + 1}`);
    return LocalMaster.start({ binary, folder, isPersistent, serverArguments });
  });
  return gathered(binary.origin, starting, async (masters) => {
    await Promise.all(masters.map((master) => master.kill()));
    await root.remove();
  });
}

/** Masters in containers; `undefined` where no engine runs. */
export async function startContainers(options: MastersOptions): Promise<Masters | undefined> {
  const engine = await containerEngine();
  if (engine === undefined) return undefined;
  const appendOnly = options.isPersistent === true ? "yes" : "no";
  const serverArguments = ["--appendonly", appendOnly, ...(options.serverArguments ?? [])];
  const starting = Array.from({ length: options.count }, () =>
    ContainerMaster.start(engine, serverArguments),
  );
  return gathered(`containers of ${imageName()}`, starting, async (masters) => {
    await Promise.all(masters.map((master) => master.remove()));
  });
}

/** All of them, or none: those that did start are ended when one did not. */
async function gathered<M extends Master>(
  origin: string,
  starting: readonly Promise<M>[],
  end: (masters: readonly M[]) => Promise<void>,
): Promise<Masters> {
  const results = await Promise.allSettled(starting);
  const masters = results.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
  const failure = results.find((each) => each.status === "rejected");
  if (failure === undefined) return group(origin, masters, () => end(masters));
  await end(masters);
  throw failure.reason;
}

function group(origin: string, all: readonly Master[], end: () => Promise<void>): Masters {
  let ending: Promise<void> | undefined;
  const close = (): Promise<void> => (ending ??= end());
  return {
    origin,
    all,
    urls: all.map((master) => master.url),
    close,
    [Symbol.asyncDispose]: close,
  };
}
