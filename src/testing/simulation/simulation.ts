import { LockManager } from "../../core/lock-manager.ts";
import type { Random, World } from "../../core/world.ts";
import { MemoryNode } from "../../memory/memory-node.ts";
import { QuorumBackend } from "../../quorum/quorum-backend.ts";
import { resolved, type QuorumSettings, type ResolvedSettings } from "../../quorum/settings.ts";
import type { HistoryEvent } from "../history/event.ts";
import { seededRandom } from "../seeded-random.ts";
import { AdjustableClock } from "./adjustable-clock.ts";
import { coveredTtlMs, mostAheadMs, randomFaults, type SimulatedFault } from "./fault.ts";
import { Host } from "./host.ts";
import { takeEach } from "./last-round.ts";
import { Nemesis, type SimulatedClient } from "./nemesis.ts";
import { SimulatedProgram } from "./program.ts";
import { RecordingBackend } from "./recording-backend.ts";
import { Timeline } from "./timeline.ts";
import { Way } from "./way.ts";
import { FencedStore, work } from "./workload.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly nodeCount?: number;
  readonly clientCount?: number;
  /** For how long clients work, in milliseconds of the simulated world. */
  readonly durationMs?: number;
  readonly settings?: QuorumSettings;
  /** What goes wrong; drawn from the seed when left out. */
  readonly faults?: readonly SimulatedFault[];
}

/** A rate error of less than half a percent each: together within the drift that is allowed for. */
const rateError = 0.004;
const names = ["a", "b"];
/** So long it takes at most until the nodes are a quorum. */
const foundingMs = 50;

/**
 * A world of processes, nodes and a network between them, in which time, chance and faults follow from one
 * seed. It runs the library's own code: managers, quorum and memory nodes.
 */
export class Simulation {
  readonly history: HistoryEvent[] = [];
  /** Whether at the end, with all faults mended, somebody got each lock. */
  isLive: boolean = false;
  readonly faults: readonly SimulatedFault[];
  readonly #timeline = new Timeline();
  readonly #random: Random;
  readonly #resolved: ResolvedSettings;
  readonly #settings: QuorumSettings;
  readonly #hosts: readonly Host[];
  readonly #clients: SimulatedClient[] = [];
  readonly #store = new FencedStore();
  readonly #durationMs: number;
  /** When every quarantine and every ttl is over, as long as no clock was set forward. */
  readonly #calmMs: number;
  readonly #endMs: number;
  #clientCount = 0;

  constructor(options: SimulationOptions) {
    const { seed, nodeCount = 3, clientCount = 3, durationMs = 800 } = options;
    this.#random = seededRandom(seed);
    this.#settings = { maxTtlMs: 250, maxSkewMs: 40, ...options.settings };
    this.#resolved = resolved(this.#settings, nodeCount);
    this.#durationMs = durationMs;
    const { maxTtlMs, maxSkewMs } = this.#resolved.terms;
    this.#calmMs = durationMs + 2 * (maxTtlMs + 2 * maxSkewMs) + 3 * maxTtlMs;
    this.#hosts = Array.from({ length: nodeCount }, (_, index) => this.#host(index));
    for (let index = 0; index < clientCount; index++) {
      this.#clients.push(this.#client("adopt"));
    }
    const strictClock = this.#settings.strictClock === true;
    const space = { nodeCount, clientCount, durationMs, maxTtlMs, maxSkewMs, strictClock };
    this.faults = options.faults ?? randomFaults(this.#random, space);
    // Who forgets while only a clock that is ahead can be asked as well is silent until that time has come.
    this.#endMs = this.#calmMs + mostAheadMs(this.faults);
    this.#begin();
  }

  /** Lets the next things happen; promises have to come to rest before it is called again. */
  step(): boolean {
    return this.#timeline.step(this.#endMs);
  }

  #begin(): void {
    const timeline = this.#timeline;
    const nemesis = new Nemesis({
      timeline,
      hosts: this.#hosts,
      clients: this.#clients,
      replace: (index) => {
        const client = this.#client("adopt");
        this.#clients[index] = client;
        this.#start(client);
      },
      note: (event) => this.history.push(event),
    });
    // New nodes are founded while all is well; later nobody takes a blank node for a new one.
    void this.#client("auto").manager.inspect("founding");
    timeline.at(foundingMs, () => {
      for (const client of this.#clients) this.#start(client);
    });
    for (const fault of this.faults) {
      timeline.at(foundingMs + fault.atMs, () => nemesis.inflict(fault));
    }
    timeline.at(this.#durationMs, () => {
      nemesis.mendAll();
      timeline.stir();
      void this.#tryAll();
    });
    let hasLooked = false;
    const look = (): void => {
      if (hasLooked || !this.isLive) return;
      hasLooked = true;
      for (const host of this.#hosts) if (!nemesis.hasWrongClock(host)) host.leftovers(names);
    };
    for (const at of [this.#calmMs, this.#endMs]) timeline.at(at, look);
  }

  async #tryAll(): Promise<void> {
    const { manager, program } = this.#client("adopt");
    await takeEach(manager, program.clock(), names, this.#resolved.ttlRange.least);
    this.isLive = true;
  }

  #start({ manager, program, random }: SimulatedClient): void {
    const clock = program.clock();
    const { least, most } = this.#resolved.ttlRange;
    const isCovered = this.faults.every(({ kind }) => kind !== "fast");
    this.#timeline.stir();
    void work({
      manager,
      clock,
      random,
      resources: names,
      minTtlMs: Math.max(least, 0.3 * most),
      maxTtlMs: isCovered ? most : Math.max(least, coveredTtlMs),
      store: this.#store,
      note: (event) => this.history.push(event),
      now: () => this.#timeline.now,
      isOver: () => this.#timeline.now >= this.#durationMs,
    });
  }

  #host(index: number): Host {
    const { maxTtlMs, maxSkewMs } = this.#resolved.terms;
    return new Host({
      name: `n${index + 1}`,
      timeline: this.#timeline,
      // Clocks of good nodes begin within half of what is tolerated, and stay within all of it.
      clockStartsAt: 1e6 + (this.#random.next() * maxSkewMs) / 2,
      clockRate: this.#rate(Math.min(rateError, maxSkewMs / 4 / this.#calmMs)),
      maxTtlMs,
      note: (event) => this.history.push(event),
    });
  }

  #client(freshNodes: "auto" | "adopt"): SimulatedClient {
    const timeline = this.#timeline;
    const name = `c${++this.#clientCount}`;
    const clock = new AdjustableClock(timeline, this.#random.next() * 1e6);
    clock.rate = this.#rate();
    const program = new SimulatedProgram(timeline, clock);
    const random = seededRandom(Math.floor(this.#random.next() * 2 ** 32));
    const ways = this.#hosts.map((host) => new Way(program, host, timeline, random));
    const { terms } = this.#resolved;
    const nodes = ways.map(
      ({ link, hearing }, index) => new MemoryNode({ id: `n${index + 1}`, link, hearing, terms }),
    );
    const ids = { count: 0 };
    const world: World = {
      clock: program.clock(),
      random: { next: () => random.next(), id: () => `${name}-${ids.count++}` },
      process: { host: name, pid: 1 },
    };
    const inner = new QuorumBackend(nodes, { ...this.#settings, freshNodes, world });
    const backend = new RecordingBackend(inner, {
      client: name,
      quorum: terms.quorum,
      note: (event) => this.history.push(event),
      now: () => timeline.now,
      trueTimeOf: (reading) => program.trueTimeOf(reading),
    });
    return { name, program, ways, random, manager: new LockManager(backend) };
  }

  #rate(most = rateError): number {
    return 1 + (this.#random.next() * 2 - 1) * most;
  }
}
