import { startMasters } from "../../masters/masters.ts";
import type { Master, Masters, MastersOptions } from "../../masters/masters.ts";
import { shiftedClock } from "../../masters/shifted-clock.ts";
import { NodeClock } from "./node-clock.ts";

export interface ServerOptions {
  /** Whether its clock can be moved. */
  readonly hasClock: boolean;
  readonly isPersistent: boolean;
  readonly serverArguments: readonly string[];
  /** Whether it is to take DEBUG, which servers before Redis 7 take anyway. */
  readonly mayDebug: boolean;
}

/** The server of a node: a master of our own, and its clock. */
export interface Server {
  readonly masters: Masters;
  readonly master: Master;
  readonly clock: NodeClock | undefined;
}

/** @throws {Error} when there is none that can be hurt, or none whose clock can be moved. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { hasClock, isPersistent, serverArguments } = options;
  const startWith = options.mayDebug ? startWithDebug : startMasters;
  const clock = hasClock ? new NodeClock(await shiftedClock()) : undefined;
  let masters: Masters | undefined;
  try {
    const environment = clock === undefined ? {} : { environment: clock.environment };
    masters = await startWith({ ...{ count: 1, isPersistent, serverArguments }, ...environment });
    const [master] = masters.all;
    if (master === undefined || !master.isOurs) {
      throw new Error("chaos hurts masters: it needs some of its own, not $QUORUMLOCK_REDIS");
    }
    if (hasClock && master.pid === undefined) {
      throw new Error(`the clock of a server from ${masters.origin} cannot be moved`);
    }
    return { masters, master, clock };
  } catch (error) {
    await masters?.close();
    await clock?.close();
    throw error;
  }
}

/** Servers before Redis 7 do not know the argument, and do not need it. */
async function startWithDebug(options: MastersOptions): Promise<Masters> {
  const { serverArguments = [] } = options;
  const debug = ["--enable-debug-command", "local"];
  return startMasters({ ...options, serverArguments: [...serverArguments, ...debug] }).catch(() =>
    startMasters(options),
  );
}
