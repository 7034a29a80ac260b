import type { ShiftedClock } from "../../masters/shifted-clock.ts";
import type { ClientState } from "../lane.ts";
import type { Wish } from "../schedule/step.ts";
import { ClientClock } from "./client-clock.ts";
import { ClientProcess } from "./client-process.ts";
import { ClientStates } from "./client-states.ts";
import type { OpenCall } from "../run/journal.ts";
import type { ClientMessage, Order } from "./message.ts";
import { OpenCalls } from "./open-calls.ts";
import type { TeamOptions } from "./team.ts";
import { within } from "./within.ts";

/** One client over its whole life: a process, and after its death another one of the same name. */
export class Member {
  readonly name: string;
  readonly #options: TeamOptions;
  readonly clock: ClientClock;
  readonly #states: ClientStates;
  #process: ClientProcess | undefined;
  readonly #calls: OpenCalls;
  readonly #held = new Set<string>();
  #wishes: Promise<void> = Promise.resolve();
  #settled: (() => void) | undefined;
  #generation = 0;
  isIdle = true;
  /** Whether it works by itself, also when it has been started again. */
  #isWorking = false;
  #isEnding = false;
  #isKilled = false;

  constructor(name: string, options: TeamOptions, clock: ShiftedClock | undefined) {
    this.name = name;
    this.#options = options;
    this.#calls = new OpenCalls(name, options.journal);
    this.#states = new ClientStates(name, options.journal);
    this.clock = new ClientClock(name, this.#states, clock);
  }

  get isHolding(): boolean {
    return this.#held.size > 0;
  }

  get isRunning(): boolean {
    return this.#process?.isRunning === true;
  }

  get isFrozen(): boolean {
    return this.#states.isOpen("frozen") || this.#states.isOpen("suspended");
  }

  /** What it has called and has no answer to. */
  get openCalls(): readonly OpenCall[] {
    return this.#calls.all;
  }

  async start(): Promise<void> {
    if (this.isRunning) return;
    this.#isKilled = false;
    this.#states.end("down");
    const generation = ++this.#generation;
    const orders = await this.#options.ordersFor(this.name);
    this.#process = new ClientProcess({
      orders: { ...orders, ...this.clock.orders },
      command: this.#options.commandOf(this.name),
      environment: this.clock.environment,
      warden: this.#options.warden,
      onMessage: (message) => this.#hear(message, generation),
      onExit: () => this.#gone(generation),
    });
    this.isIdle = true;
    await this.#process.ready();
    if (this.#isWorking) this.tell({ kind: "work" });
  }

  ask(wish: Wish): void {
    this.#wishes = new Promise((resolve) => (this.#settled = resolve));
    this.#process?.tell({ kind: "ask", wish });
  }

  /** Resolves when it has the answer to what it asked last, or the time is over. */
  answer(withinMs: number): Promise<void> {
    return within(this.#wishes, withinMs);
  }

  /** Resolves when it has been done, or the time is over: the client may be stopped. */
  carryOut(kind: "enter" | "leave" | "extend" | "release", withinMs: number): Promise<void> {
    const { order, done } = this.#calls.order(kind);
    this.#process?.tell({ kind, order });
    return within(done, withinMs);
  }

  tell(order: Order): void {
    if (order.kind === "work") this.isIdle = false;
    if (order.kind === "work" || order.kind === "rest") this.#isWorking = order.kind === "work";
    if (order.kind === "end") this.#isEnding = true;
    this.#process?.tell(order);
  }

  freeze(about: string, state: ClientState["state"] = "frozen"): void {
    this.#states.begin(state, about);
    this.#process?.signal("SIGSTOP");
  }

  thaw(): void {
    this.#process?.signal("SIGCONT");
    this.#states.end("frozen");
    this.#states.end("suspended");
  }

  stall(ms: number): void {
    this.tell({ kind: "stall", ms });
    this.#states.last("stalled", ms, "its event loop is blocked");
  }

  async kill(): Promise<void> {
    this.#isKilled = true;
    await this.#process?.kill();
  }

  gone(withinMs: number): Promise<boolean> {
    return this.#process?.gone(withinMs) ?? Promise.resolve(true);
  }

  #hear(message: ClientMessage, generation: number): void {
    const { journal, resource } = this.#options;
    switch (message.kind) {
      case "event":
        this.#keep(message.event);
        return journal.note(message.event);
      case "asked":
        return this.#calls.ask(`${generation}.${message.request}`, message.span);
      case "settled":
        return this.#calls.answer(`${generation}.${message.request}`, message.span);
      case "answered":
        return this.#settled?.();
      case "use": {
        const section = resource.begin(this.name, message.use);
        return this.tell({ kind: "answer", call: message.call, section });
      }
      case "done": {
        const { section, writes, call } = message;
        resource.end(section, writes);
        return this.tell({ kind: "answer", call, section });
      }
      case "node":
        return this.#hearOfNode(message);
      case "footprint":
        return void journal.footprints.push({ ...message.footprint, client: this.name });
      case "carriedOut":
        return this.#calls.carriedOut(message.order);
      case "idle":
        this.isIdle = true;
        return;
      case "trouble": {
        const { at, message: text } = message;
        return void journal.troubles.push({ at, client: this.name, message: text });
      }
      case "ready":
    }
  }

  #hearOfNode({ at, event }: Extract<ClientMessage, { readonly kind: "node" }>): void {
    const { onSilence, nodeBehind } = this.#options;
    const node = nodeBehind(event.node);
    if (node === undefined || event.type !== "quarantined") return;
    onSilence(node, at, event.votesInMs, event.message.replace(event.node, node));
  }

  #keep(event: { readonly type: string; readonly attempt?: string }): void {
    const { type, attempt = "" } = event;
    if (type === "granted") this.#held.add(attempt);
    if (type === "releasing" || type === "lost") this.#held.delete(attempt);
  }

  /** What it had asked for is never answered; what it did at the resource is not finished. */
  #gone(generation: number): void {
    if (generation !== this.#generation) return;
    const { journal, resource } = this.#options;
    if (!this.#isKilled && !this.#isEnding) {
      const message = "its process ended by itself";
      journal.troubles.push({ at: journal.now(), client: this.name, message });
      journal.unsettled.push(...this.openCalls);
    }
    this.#calls.abandon();
    this.#held.clear();
    this.isIdle = true;
    resource.abandon(this.name);
    this.#states.end("frozen");
    this.#settled?.();
    if (!this.#isEnding) this.#states.begin("down", "its process is gone");
  }
}
