import { setTimeout as pause } from "node:timers/promises";
import type { Team } from "../client/team.ts";
import type { Network } from "../network/network.ts";
import type { ChaosNode } from "../nodes/chaos-node.ts";
import type { ClientStep, LinkStep, NodeStep, Step } from "../schedule/step.ts";
import { wordsFor } from "../schedule/words.ts";
import type { Journal } from "./journal.ts";

/** For how long a client may take for what it is told, in milliseconds: it may be stopped. */
const obedienceMs = 2_000;
const restMs = 15_000;
const lookMs = 10;

export interface PlayerOptions {
  readonly nodes: readonly ChaosNode[];
  readonly team: Team;
  readonly network: Network;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  readonly onStep: (text: string) => void;
}

const quiet = new Set<Step["do"]>([
  ...(["wait", "ask", "answer", "enter", "leave", "extend", "release"] as const),
  ...(["work", "rest", "remember", "follow"] as const),
]);
const healing = new Set<Step["do"]>([
  ...(["healAll", "start", "thaw", "drain", "mend", "deliver", "thawClient"] as const),
  "startClient",
]);
const linkSteps = new Set<Step["do"]>([
  ...(["cut", "mend", "hold", "deliver", "reset", "slow", "narrow", "closeSlowly"] as const),
]);

/** Does what a schedule says, step by step. */
export class Player {
  readonly #options: PlayerOptions;
  readonly #sleptMs = new Map<string, number>();

  constructor(options: PlayerOptions) {
    this.#options = options;
  }

  async play(schedule: readonly Step[]): Promise<void> {
    for (const step of schedule) {
      this.#options.signal.throwIfAborted();
      await this.#do(this.#resolved(step));
    }
  }

  /** Whoever is called `holder` gets a name. */
  #resolved(step: Step): Step {
    if (!("client" in step) || step.client !== "holder") return step;
    return { ...step, client: this.#options.team.holder().name };
  }

  async #do(step: Step): Promise<void> {
    this.#note(step);
    if (isLinkStep(step)) return this.#link(step);
    if ("node" in step) return this.#node(step as NodeStep);
    if (step.do === "wait") {
      await pause(step.ms, undefined, { signal: this.#options.signal });
      return;
    }
    if (step.do === "healAll") return this.#healAll();
    return this.#client(step as ClientStep);
  }

  #note(step: Step): void {
    const { journal, nodes, onStep } = this.#options;
    if (quiet.has(step.do)) return;
    const about = wordsFor(step);
    onStep(about);
    const node = "node" in step && step.node !== undefined ? nodes[step.node - 1] : undefined;
    journal.fault({
      kind: step.do,
      about,
      nodes: node === undefined ? [] : [node.name],
      clients: "client" in step && step.client !== undefined ? [step.client] : [],
      isHealing: healing.has(step.do),
    });
  }

  #link(step: LinkStep): void {
    const { network, team, nodes } = this.#options;
    const clients = step.client === undefined ? team.names : [step.client];
    const all = nodes.map(({ name }) => name);
    const chosen = step.node === undefined ? all : [this.#nodeAt(step.node).name];
    network.play(step, clients, chosen);
  }

  async #node(step: NodeStep): Promise<void> {
    const { network } = this.#options;
    const node = this.#nodeAt(step.node);
    switch (step.do) {
      case "evict":
        return node.evict(step.policy);
      case "pauseCommands":
        return node.pauseCommands(step.ms);
      case "busy":
        return node.busy(step.ms);
      case "setClock":
        return node.setClock(step.offsetMs, step.rate ?? 0);
      case "promote":
        return network.point(node.name, await node.promote());
      default:
        return node[step.do]();
    }
  }

  async #client(step: ClientStep): Promise<void> {
    const { team } = this.#options;
    if (step.do === "work") return team.members.forEach((member) => member.tell({ kind: "work" }));
    if (step.do === "rest") return this.#rest();
    const member = team.member(step.client);
    switch (step.do) {
      case "ask":
        return member.ask(step);
      case "answer":
        return member.answer(step.withinMs);
      case "freezeClient":
        return member.freeze("its process is stopped");
      case "thawClient":
        return member.thaw();
      case "killClient":
        return member.kill();
      case "startClient":
        return member.start();
      case "stallClient":
        return member.stall(step.ms);
      case "suspendClient":
        return this.#suspend(step.client, step.ms);
      case "setClientClock":
        return member.setWall(step.offsetMs);
      default:
        return member.carryOut(step.do, obedienceMs);
    }
  }

  async #suspend(client: string, ms: number): Promise<void> {
    const member = this.#options.team.member(client);
    member.freeze("its machine sleeps, and its monotonic clock with it", "suspended");
    await pause(ms);
    const sleptMs = (this.#sleptMs.get(client) ?? 0) + ms;
    this.#sleptMs.set(client, sleptMs);
    member.setMonotonic(-sleptMs * 1_000);
    member.thaw();
  }

  /** Resolves when all have finished what they did, or that takes too long. */
  async #rest(): Promise<void> {
    const { team, signal } = this.#options;
    for (const member of team.members) member.tell({ kind: "rest" });
    const deadline = performance.now() + restMs;
    while (!team.members.every(({ isIdle }) => isIdle) && performance.now() < deadline) {
      await pause(lookMs, undefined, { signal });
    }
  }

  async #healAll(): Promise<void> {
    const { team, network, nodes } = this.#options;
    network.heal();
    await Promise.all(nodes.map((node) => node.heal()));
    for (const member of team.members) member.thaw();
    for (const member of team.members) {
      if (member.isRunning) continue;
      await member.start();
    }
  }

  #nodeAt(number: number): ChaosNode {
    const node = this.#options.nodes[number - 1];
    if (node === undefined) throw new Error(`the schedule names a node ${number}: there is none`);
    return node;
  }
}

function isLinkStep(step: Step): step is LinkStep {
  return linkSteps.has(step.do);
}
