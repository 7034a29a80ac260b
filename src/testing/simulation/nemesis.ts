import type { LockManager } from "../../core/lock-manager.ts";
import type { Random } from "../../core/world.ts";
import type { HistoryEvent } from "../history/event.ts";
import { fastRate, type SimulatedFault } from "./fault.ts";
import type { Host } from "./host.ts";
import type { SimulatedProgram } from "./program.ts";
import type { Timeline } from "./timeline.ts";
import type { Way } from "./way.ts";

export interface SimulatedClient {
  readonly name: string;
  readonly program: SimulatedProgram;
  readonly ways: readonly Way[];
  readonly random: Random;
  readonly manager: LockManager;
}

export interface NemesisOptions {
  readonly timeline: Timeline;
  readonly hosts: readonly Host[];
  /** Those that work; who dies is replaced. */
  readonly clients: readonly SimulatedClient[];
  readonly replace: (index: number) => void;
  readonly note: (event: HistoryEvent) => void;
}

const usualDelayMs = 2;
const rebirthMs = 50;

/** Breaks what the schedule says, and mends it. */
export class Nemesis {
  readonly #options: NemesisOptions;
  readonly #wrongClocks = new Set<Host>();

  constructor(options: NemesisOptions) {
    this.#options = options;
  }

  hasWrongClock(host: Host): boolean {
    return this.#wrongClocks.has(host);
  }

  inflict(fault: SimulatedFault): void {
    const { hosts, clients, timeline, note } = this.#options;
    const host = "node" in fault ? hosts[fault.node] : undefined;
    const client = "client" in fault ? clients[fault.client] : undefined;
    note({
      type: "fault",
      at: timeline.now,
      kind: fault.kind,
      ...(host !== undefined && { node: host.name }),
      ...(client !== undefined && { client: client.name }),
    });
    if (client !== undefined) this.#hurtClient(fault, client);
    else if (host !== undefined) this.#hurtHost(fault, host);
  }

  /** Everything works again, but for clocks: those stay as they are. */
  mendAll(): void {
    const { hosts, clients } = this.#options;
    for (const host of hosts) {
      host.restart("intact");
      host.thaw();
      host.runClockAt();
    }
    for (const { program, ways } of clients) {
      program.goOn();
      for (const way of ways) {
        way.weather.delayMs = usualDelayMs;
        way.mend();
      }
    }
  }

  #hurtHost(fault: SimulatedFault, host: Host): void {
    switch (fault.kind) {
      case "crash":
        host.crash();
        this.#later(fault.forMs, () => host.restart(fault.restart));
        break;
      case "flush":
        host.flush();
        break;
      case "promote":
        host.promote();
        break;
      case "remember":
        host.remember();
        break;
      case "freeze":
        host.freeze();
        this.#later(fault.forMs, () => host.thaw());
        break;
      case "clock":
        this.#wrongClocks.add(host);
        host.clock.step(fault.stepMs);
        break;
      case "fast":
        host.runClockAt(fastRate);
        this.#later(fault.forMs, () => host.runClockAt());
        break;
      case "slow":
        this.#slow(fault.node, fault.delayMs);
        this.#later(fault.forMs, () => this.#slow(fault.node, usualDelayMs));
        break;
      case "cut":
      case "reset":
      case "stop":
      case "kill":
        // Those hurt clients.
        break;
    }
  }

  #hurtClient(fault: SimulatedFault, { program, ways }: SimulatedClient): void {
    switch (fault.kind) {
      case "cut": {
        const way = ways[fault.node];
        way?.cut(fault.direction !== "back", fault.direction !== "there");
        this.#later(fault.forMs, () => way?.mend());
        break;
      }
      case "reset":
        ways[fault.node]?.reset();
        break;
      case "stop":
        program.stop();
        this.#later(fault.forMs, () => program.goOn());
        break;
      case "kill":
        if (program.isDead) return;
        program.kill();
        this.#later(rebirthMs, () => this.#options.replace(fault.client));
        break;
      case "crash":
      case "flush":
      case "promote":
      case "remember":
      case "freeze":
      case "fast":
      case "clock":
      case "slow":
        // Those hurt nodes.
        break;
    }
  }

  #slow(node: number, delayMs: number): void {
    for (const { ways } of this.#options.clients) {
      const way = ways[node];
      if (way !== undefined) way.weather.delayMs = delayMs;
    }
  }

  #later(ms: number, happen: () => void): void {
    const { timeline } = this.#options;
    timeline.at(timeline.now + ms, happen);
  }
}
