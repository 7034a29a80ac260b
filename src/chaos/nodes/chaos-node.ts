import { Redis } from "ioredis";
import type { Master, Masters } from "../../masters/masters.ts";
import type { Journal } from "../run/journal.ts";
import { Audit } from "./audit.ts";
import { Disk } from "./disk.ts";
import { leftoversOf, type Leftover } from "./leftovers.ts";
import { evictAll, fillUp } from "./memory-pressure.ts";
import type { NodeClock } from "./node-clock.ts";
import { NodeStates } from "./node-states.ts";
import { LaggingReplica } from "./replica.ts";
import type { ServerNode } from "./server-node.ts";
import { startServer, type Server, type ServerOptions } from "./server.ts";

export interface ChaosNodeOptions extends ServerOptions {
  readonly number: number;
  readonly journal: Journal;
  /** For how long one that may have forgotten votes must not vote, in milliseconds. */
  readonly silenceMs: number;
}

/** A real master, and all that can be done to it. */
export class ChaosNode implements ServerNode {
  readonly name: string;
  readonly admin: Redis;
  readonly #states: NodeStates;
  readonly #masters: Masters;
  readonly #master: Master;
  readonly #clock: NodeClock | undefined;
  readonly #audit: Audit;
  readonly #disk: Disk = new Disk();
  #replica: LaggingReplica | undefined;

  private constructor(options: ChaosNodeOptions, { masters, master, clock }: Server) {
    const { number, journal, silenceMs } = options;
    this.name = `node ${number}`;
    this.#states = new NodeStates(this.name, journal);
    this.#masters = masters;
    this.#master = master;
    this.#clock = clock;
    this.admin = new Redis(master.url, {
      maxRetriesPerRequest: null,
      retryStrategy: () => 20,
    });
    this.admin.on("error", () => {});
    this.#audit = new Audit(master.url, { node: this.name, journal, silenceMs });
    this.#states.begin("up", `${master.url} answers`);
  }

  static async start(options: ChaosNodeOptions): Promise<ChaosNode> {
    return new ChaosNode(options, await startServer(options));
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
    this.#states.killed();
  }

  async start(): Promise<void> {
    await this.#master.start();
    this.#states.started(this.url);
  }

  async freeze(): Promise<void> {
    this.#states.freezing();
    await this.#master.pause();
  }

  async thaw(): Promise<void> {
    await this.#master.resume();
    this.#states.end("frozen");
  }

  async flush(): Promise<void> {
    await this.admin.flushall();
  }

  async remember(): Promise<void> {
    await this.#disk.remember(this.admin);
  }

  async loseTail(): Promise<void> {
    await this.kill();
    await this.#disk.cutTail();
    await this.start();
  }

  async restoreOld(): Promise<void> {
    await this.kill();
    await this.#disk.putBack();
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
    this.#states.end("down");
    this.#states.begin("replaced", "a replica that lagged behind has taken its place");
    return replica.url;
  }

  async evict(policy: string): Promise<void> {
    this.#states.begin("evicting", `evicts by ${policy}`);
    await evictAll(this.admin, policy);
  }

  async fill(): Promise<void> {
    this.#states.begin("full", "has no memory left");
    await fillUp(this.admin);
  }

  async drain(): Promise<void> {
    await this.admin.config("SET", "maxmemory", "0");
    this.#states.end("full", "evicting");
  }

  async pauseCommands(ms: number): Promise<void> {
    this.#states.last("busy", ms, `CLIENT PAUSE for ${ms} ms`);
    await this.admin.client("PAUSE", ms, "ALL");
  }

  busy(ms: number): void {
    this.#states.last("busy", ms, `runs a script for ${ms} ms`);
    const script = `local t = os.clock() while os.clock() - t < ${ms / 1000} do end`;
    void this.admin.eval(script, 0).catch(() => {});
  }

  /** Where `DEBUG` is not allowed, a script that takes so long: neither answers anything meanwhile. */
  sleep(ms: number): void {
    this.#states.last("busy", ms, `DEBUG SLEEP for ${ms} ms`);
    void this.admin.call("DEBUG", "SLEEP", ms / 1_000).catch(() => this.busy(ms));
  }

  setClock(offsetMs: number, rate: number): void {
    if (this.#clock === undefined) throw new Error(`the clock of ${this.name} cannot be moved`);
    this.#clock.set(offsetMs, rate);
    this.#states.clockSet(offsetMs, rate);
  }

  /** Up, running, in time and with memory. */
  async heal(): Promise<void> {
    await this.thaw();
    if (this.#clock !== undefined) this.setClock(0, 0);
    if (this.#replica !== undefined && !this.#states.isOpen("down") && !this.#states.isOpen("up"))
      return;
    if (this.#states.isOpen("down")) await this.start();
    if (this.#states.isOpen("full") || this.#states.isOpen("evicting")) await this.drain();
  }

  /** It said that it does not vote yet. */
  silent(at: number, forMs: number, about: string): void {
    this.#states.cover("quarantined", { from: at, until: at + forMs }, about);
  }

  leftovers(): Promise<Leftover[]> {
    return leftoversOf(this);
  }

  async close(): Promise<void> {
    this.#audit.close();
    this.admin.disconnect();
    await this.#replica?.close();
    await this.#masters.close();
    await this.#clock?.close();
  }
}
