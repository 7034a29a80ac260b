import type { Journal } from "../run/journal.ts";
import type { Leftover } from "./leftovers.ts";
import type { NodeClock } from "./node-clock.ts";
import { NodeStates } from "./node-states.ts";
import type { ServerNode } from "./server-node.ts";

/** What runs behind a node. */
export interface Server {
  readonly url: string;
  readonly origin: string;
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly freeze: () => Promise<void>;
  readonly thaw: () => Promise<void>;
  readonly role?: () => Promise<string | undefined>;
  /** Resolves when it does its work, however it was hurt before. */
  readonly mend?: () => Promise<void>;
  readonly leftovers: () => Promise<Leftover[]>;
  readonly close: () => Promise<void>;
}

export interface AuthorityNodeOptions {
  readonly name: string;
  readonly journal: Journal;
  readonly server: Server;
  readonly clock?: NodeClock | undefined;
}

/** A database, or a server of an ensemble: one process, and what can be done to any process. */
export class AuthorityNode implements ServerNode {
  readonly name: string;
  readonly #server: Server;
  readonly #clock: NodeClock | undefined;
  readonly #states: NodeStates;

  constructor({ name, journal, server, clock }: AuthorityNodeOptions) {
    this.name = name;
    this.#server = server;
    this.#clock = clock;
    this.#states = new NodeStates(name, journal);
    this.#states.begin("up", `${server.url} answers`);
  }

  get url(): string {
    return this.#server.url;
  }

  get origin(): string {
    return this.#server.origin;
  }

  async role(): Promise<string | undefined> {
    return this.#server.role?.();
  }

  async kill(): Promise<void> {
    await this.#server.kill();
    this.#states.killed();
  }

  async start(): Promise<void> {
    await this.#server.start();
    this.#states.started(this.url);
  }

  async freeze(): Promise<void> {
    this.#states.freezing();
    await this.#server.freeze();
  }

  async thaw(): Promise<void> {
    await this.#server.thaw();
    this.#states.end("frozen");
  }

  setClock(offsetMs: number, rate: number): void {
    if (this.#clock === undefined) throw new Error(`the clock of ${this.name} cannot be moved`);
    this.#clock.set(offsetMs, rate);
    this.#states.clockSet(offsetMs, rate);
  }

  async heal(): Promise<void> {
    await this.thaw();
    if (this.#clock !== undefined) this.setClock(0, 0);
    if (this.#states.isOpen("down")) await this.start();
    await this.#server.mend?.();
  }

  silent(): void {}

  leftovers(): Promise<Leftover[]> {
    return this.#states.isOpen("down") ? Promise.resolve([]) : this.#server.leftovers();
  }

  async close(): Promise<void> {
    await this.#server.close();
    await this.#clock?.close();
  }
}
