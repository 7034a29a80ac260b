import { setTimeout as pause } from "node:timers/promises";
import type { Member } from "../client/member.ts";
import type { Team } from "../client/team.ts";
import type { Network } from "../network/network.ts";
import { ChaosNode } from "../nodes/chaos-node.ts";
import type { ServerNode } from "../nodes/server-node.ts";
import type { ClientStep, LinkStep, NodePlace, NodeStep, Step } from "../schedule/step.ts";
import { wordsFor } from "../schedule/words.ts";
import { clientActions, hurtServer, nodeActions, type OneClientStep } from "./hurting.ts";
import type { Journal } from "./journal.ts";

const restMs = 15_000;
const lookMs = 10;

export interface PlayerOptions {
  readonly nodes: readonly ServerNode[];
  readonly team: Team;
  readonly network: Network;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  readonly onStep: (text: string) => void;
}

const quiet = new Set<Step["do"]>([
  ...(["wait", "ask", "answer", "enter", "leave", "extend", "release"] as const),
  ...(["work", "rest", "remember", "follow", "overtake"] as const),
]);
const healing = new Set<Step["do"]>([
  ...(["healAll", "start", "thaw", "drain", "mend", "deliver", "thawClient"] as const),
  "startClient",
]);
const linkSteps = new Set<Step["do"]>([
  ...(["cut", "mend", "swallow", "hold", "deliver", "overtake", "reset"] as const),
  ...(["slow", "narrow", "closeSlowly"] as const),
]);

/** Does what a schedule says, step by step. */
export class Player {
  readonly #options: PlayerOptions;

  constructor(options: PlayerOptions) {
    this.#options = options;
  }

  async play(schedule: readonly Step[]): Promise<void> {
    for (const step of schedule) {
      this.#options.signal.throwIfAborted();
      await this.#do(await this.#resolved(step), roleIn(step));
    }
  }

  /** Whoever is called `holder` gets a name, and `leader` and `follower` a number. */
  async #resolved(step: Step): Promise<Step> {
    if ("client" in step && step.client === "holder") {
      return { ...step, client: this.#options.team.holder().name };
    }
    if (!("node" in step) || typeof step.node !== "string") return step;
    const roles = await Promise.all(this.#options.nodes.map(async (node) => node.role?.()));
    const place = roles.indexOf(step.node);
    if (place < 0) throw new Error(`the schedule names a ${step.node}: there is none`);
    return { ...step, node: place + 1 };
  }

  async #do(step: Step, role?: string): Promise<void> {
    // It is when all is whole that the time for getting well begins.
    if (step.do === "healAll") await this.#healAll();
    this.#note(step, role);
    if (isLinkStep(step)) return this.#link(step);
    if ("node" in step) return this.#node(step);
    if (step.do === "wait") {
      await pause(step.ms, undefined, { signal: this.#options.signal });
      return;
    }
    if (step.do === "healAll") return;
    return this.#client(step);
  }

  #note(step: Step, role?: string): void {
    const { journal, onStep } = this.#options;
    if (quiet.has(step.do)) return;
    const said = wordsFor(step);
    const about = role === undefined ? said : said.replace(/^node \d+/, `$&, the ${role},`);
    onStep(about);
    const node = "node" in step && step.node !== undefined ? this.#nodeAt(step.node) : undefined;
    journal.fault({
      kind: step.do,
      about,
      nodes: node === undefined ? [] : [node.name],
      clients: "client" in step && step.client !== undefined ? [step.client] : [],
      isHealing: healing.has(step.do),
    });
  }

  async #link(step: LinkStep): Promise<void> {
    const { network, team, nodes } = this.#options;
    const clients = step.client === undefined ? team.names : [step.client];
    const all = nodes.map(({ name }) => name);
    const chosen = step.node === undefined ? all : [this.#nodeAt(step.node).name];
    await network.play(step, clients, chosen);
  }

  async #node(step: NodeStep): Promise<void> {
    const node = this.#nodeAt(step.node);
    if (!(node instanceof ChaosNode)) return hurtServer(node, step);
    if (step.do === "promote") {
      this.#options.network.point(node.name, await node.promote());
      return;
    }
    // Each entry takes the step of its own name.
    const act = nodeActions[step.do] as (node: ChaosNode, step: NodeStep) => void | Promise<void>;
    await act(node, step);
  }

  async #client(step: ClientStep): Promise<void> {
    const { team } = this.#options;
    if (step.do === "work") return team.members.forEach((member) => member.tell({ kind: "work" }));
    if (step.do === "rest") return this.#rest();
    const act = clientActions[step.do] as (
      member: Member,
      step: OneClientStep,
    ) => void | Promise<void>;
    await act(team.member(step.client), step);
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
    await network.heal();
    await Promise.all(nodes.map((node) => node.heal()));
    for (const member of team.members) member.thaw();
    for (const member of team.members) {
      if (member.isRunning) continue;
      await member.start();
    }
  }

  #nodeAt(place: NodePlace): ServerNode {
    const node = typeof place === "number" ? this.#options.nodes[place - 1] : undefined;
    if (node === undefined) throw new Error(`the schedule names a node ${place}: there is none`);
    return node;
  }
}

/** What the server is named for that the step is done to. */
function roleIn(step: Step): string | undefined {
  return "node" in step && typeof step.node === "string" ? step.node : undefined;
}

function isLinkStep(step: Step): step is LinkStep {
  return linkSteps.has(step.do);
}
