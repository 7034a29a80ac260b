import { Redis } from "ioredis";
import { startMasters, type Master, type Masters } from "../../masters/masters.ts";
import { shiftedClock, type ShiftedClock } from "../../masters/shifted-clock.ts";
import type { NodeState } from "../lane.ts";
import type { Journal } from "../run/journal.ts";
import { Audit } from "./audit.ts";
import { remembered, type Memory } from "./disk.ts";
import { evictAll, fillUp } from "./memory-pressure.ts";
import { LaggingReplica } from "./replica.ts";

export interface ChaosNodeOptions {
  readonly number: number;
  readonly journal: Journal;
  /** Whether its clock can be moved. */
  readonly hasClock: boolean;
  readonly isPersistent: boolean;
  readonly serverArguments: readonly string[];
  readonly silenceMs: number;
}

/** How often a clock that goes too fast is moved, in milliseconds. */
const rateStepMs = 5;

/** A real master, and all that can be done to it. */
export class ChaosNode {
  readonly name: string;
  readonly admin: Redis;
  readonly #options: ChaosNodeOptions;
  readonly #masters: Masters;
  readonly #master: Master;
  readonly #clock: ShiftedClock | undefined;
  readonly #audit: Audit;
  #memory: Memory | undefined;
  #replica: LaggingReplica | undefined;
  #rate: NodeJS.Timeout | undefined;

  private constructor(
    options: ChaosNodeOptions,
    masters: Masters,
    master: Master,
    clock: ShiftedClock | undefined,
  ) {
    const { number, journal, silenceMs } = options;
    this.name = `node ${number}`;
    this.#options = options;
    this.#masters = masters;
    this.#master = master;
    this.#clock = clock;
    this.admin = new Redis(master.url, {
      maxRetriesPerRequest: null,
      retryStrategy: () => 20,
    });
    this.admin.on("error", () => {});
    this.#audit = new Audit(master.url, { node: this.name, journal, silenceMs });
    this.#begin("up", `${master.url} answers`);
  }

  static async start(options: ChaosNodeOptions): Promise<ChaosNode> {
    const { hasClock, isPersistent, serverArguments } = options;
    const clock = hasClock ? await shiftedClock() : undefined;
    try {
      const environment = clock === undefined ? {} : { environment: clock.environment };
      const masters = await startMasters({
        ...{ count: 1, isPersistent, serverArguments },
        ...environment,
      });
      const [master] = masters.all;
      if (master === undefined || !master.isOurs) {
        await masters.close();
        throw new Error("chaos hurts masters: it needs some of its own, not $QUORUMLOCK_REDIS");
      }
      return new ChaosNode(options, masters, master, clock);
    } catch (error) {
      await clock?.close();
      throw error;
    }
  }

  get url(): string {
    return this.#master.url;
  }

  get origin(): string {
    return this.#masters.origin;
  }

  async kill(): Promise<void> {
    this.#audit.lost();
    await this.#master.kill();
    this.#end("up");
    this.#end("frozen");
    this.#begin("down", "its process was killed");
  }

  async start(): Promise<void> {
    await this.#master.start();
    this.#end("down");
    this.#begin("up", `${this.url} answers`);
  }

  async freeze(): Promise<void> {
    this.#begin("frozen", "its process is stopped: it keeps connections and answers nothing");
    await this.#master.pause();
  }

  async thaw(): Promise<void> {
    await this.#master.resume();
    this.#end("frozen");
  }

  async flush(): Promise<void> {
    await this.admin.flushall();
  }

  async remember(): Promise<void> {
    this.#memory = await remembered(this.admin);
  }

  async loseTail(): Promise<void> {
    await this.kill();
    await this.#remembered().cutTail();
    await this.start();
  }

  async restoreOld(): Promise<void> {
    await this.kill();
    await this.#remembered().putBack();
    await this.start();
  }

  async follow(): Promise<void> {
    this.#replica = await LaggingReplica.of(this.url, this.admin);
  }

  /** Resolves to the address of the server that is the node from now on. */
  async promote(): Promise<string> {
    const replica = this.#replica;
    if (replica === undefined) throw new Error(`${this.name} has no replica to be promoted`);
    await this.kill();
    await replica.promote();
    this.#audit.point(replica.url);
    this.#end("down");
    this.#begin("replaced", "a replica that lagged behind has taken its place");
    return replica.url;
  }

  async evict(policy: string): Promise<void> {
    this.#begin("evicting", `evicts by ${policy}`);
    await evictAll(this.admin, policy);
  }

  async fill(): Promise<void> {
    this.#begin("full", "has no memory left");
    await fillUp(this.admin);
  }

  async drain(): Promise<void> {
    await this.admin.config("SET", "maxmemory", "0");
    this.#end("full");
    this.#end("evicting");
  }

  async pauseCommands(ms: number): Promise<void> {
    this.#begin("busy", `CLIENT PAUSE for ${ms} ms`);
    await this.admin.client("PAUSE", ms, "ALL");
    this.#endLater("busy", ms);
  }

  busy(ms: number): void {
    this.#begin("busy", `runs a script for ${ms} ms`);
    const script = `local t = os.clock() while os.clock() - t < ${ms / 1000} do end`;
    void this.admin.eval(script, 0).catch(() => {});
    this.#endLater("busy", ms);
  }

  setClock(offsetMs: number, rate: number): void {
    const clock = this.#clock;
    if (clock === undefined) throw new Error(`the clock of ${this.name} cannot be moved`);
    clearInterval(this.#rate);
    this.#end("clock");
    clock.setWall(offsetMs * 1_000);
    if (offsetMs === 0 && rate === 0) return;
    const faster = rate === 0 ? "" : `, and goes ${rate * 100} % faster`;
    const about = `its clock is ${offsetMs} ms off${faster}`;
    this.#begin("clock", about, { clockOffsetMs: offsetMs });
    if (rate === 0) return;
    const since = performance.now();
    this.#rate = setInterval(() => {
      clock.setWall((offsetMs + rate * (performance.now() - since)) * 1_000);
    }, rateStepMs);
  }

  /** Up, running, in time and with memory. */
  async heal(): Promise<void> {
    await this.thaw();
    if (this.#clock !== undefined) this.setClock(0, 0);
    if (this.#replica !== undefined && !this.#isOpen("down") && !this.#isOpen("up")) return;
    if (this.#isOpen("down")) await this.start();
    if (this.#isOpen("full") || this.#isOpen("evicting")) await this.drain();
  }

  /** It said that it does not vote yet. */
  silent(at: number, forMs: number, about: string): void {
    const { journal } = this.#options;
    const content = { node: this.name, state: "quarantined" as const, about };
    journal.nodeStates.cover(`${this.name} quarantined`, { from: at, until: at + forMs }, content);
  }

  async close(): Promise<void> {
    clearInterval(this.#rate);
    this.#audit.close();
    this.admin.disconnect();
    await this.#replica?.close();
    await this.#masters.close();
    await this.#clock?.close();
  }

  #remembered(): Memory {
    if (this.#memory === undefined) throw new Error(`${this.name}: nothing has been remembered`);
    return this.#memory;
  }

  #begin(state: NodeState["state"], about: string, more: { clockOffsetMs?: number } = {}): void {
    const { journal } = this.#options;
    const content = { node: this.name, state, about, ...more };
    journal.nodeStates.begin(`${this.name} ${state}`, journal.now(), content);
  }

  #end(state: NodeState["state"]): void {
    const { journal } = this.#options;
    journal.nodeStates.end(`${this.name} ${state}`, journal.now());
  }

  #isOpen(state: NodeState["state"]): boolean {
    return this.#options.journal.nodeStates.isOpen(`${this.name} ${state}`);
  }

  #endLater(state: NodeState["state"], ms: number): void {
    setTimeout(() => this.#end(state), ms).unref();
  }
}
