import { setTimeout as pause } from "node:timers/promises";
import type { Member } from "../client/member.ts";
import type { ChaosNode } from "../nodes/chaos-node.ts";
import type { ServerNode } from "../nodes/server-node.ts";
import type { ClientStep, NodeStep } from "../schedule/step.ts";

/** For how long a client may take for what it is told, in milliseconds: it may be stopped. */
const obedienceMs = 2_000;

type Doing = void | Promise<void>;

type NodeActions = {
  readonly [Do in Exclude<NodeStep["do"], "promote">]: (
    node: ChaosNode,
    step: Extract<NodeStep, { readonly do: Do }>,
  ) => Doing;
};

/** What is done to one node; what has to do with the ways to it, too, is not here. */
export const nodeActions: NodeActions = {
  kill: (node) => node.kill(),
  start: (node) => node.start(),
  freeze: (node) => node.freeze(),
  thaw: (node) => node.thaw(),
  flush: (node) => node.flush(),
  remember: (node) => node.remember(),
  loseTail: (node) => node.loseTail(),
  restoreOld: (node) => node.restoreOld(),
  follow: (node) => node.follow(),
  evict: (node, { policy }) => node.evict(policy),
  fill: (node) => node.fill(),
  drain: (node) => node.drain(),
  pauseCommands: (node, { ms }) => node.pauseCommands(ms),
  busy: (node, { ms }) => node.busy(ms),
  sleep: (node, { ms }) => node.sleep(ms),
  setClock: (node, { offsetMs, rate = 0 }) => node.setClock(offsetMs, rate),
};

const anyServer = ["kill", "start", "freeze", "thaw"] as const;

/** What is done to a server that is no master. */
export async function hurtServer(node: ServerNode, step: NodeStep): Promise<void> {
  if (step.do === "setClock") return node.setClock(step.offsetMs, step.rate ?? 0);
  const what = anyServer.find((each) => each === step.do);
  if (what === undefined) {
    throw new Error(`${step.do} can be done to masters only, and ${node.name} is ${node.url}`);
  }
  return node[what]();
}

/** A step that is for one client. */
export type OneClientStep = Extract<ClientStep, { readonly client: string }>;

type ClientActions = {
  readonly [Do in OneClientStep["do"]]: (
    member: Member,
    step: Extract<OneClientStep, { readonly do: Do }>,
  ) => Doing;
};

const carryOut = (member: Member, { do: what }: { readonly do: CarriedOut }): Promise<void> =>
  member.carryOut(what, obedienceMs);

type CarriedOut = "enter" | "leave" | "extend" | "release";

export const clientActions: ClientActions = {
  ask: (member, wish) => member.ask(wish),
  answer: (member, { withinMs }) => member.answer(withinMs),
  enter: carryOut,
  leave: carryOut,
  extend: carryOut,
  release: carryOut,
  freezeClient: (member) => member.freeze("its process is stopped"),
  thawClient: (member) => member.thaw(),
  killClient: (member) => member.kill(),
  startClient: (member) => member.start(),
  stallClient: (member, { ms }) => member.stall(ms),
  suspendClient: (member, { ms }) => suspend(member, ms),
  setClientClock: (member, { offsetMs }) => member.clock.setWall(offsetMs),
};

async function suspend(member: Member, ms: number): Promise<void> {
  member.freeze("its machine sleeps, and its monotonic clock with it", "suspended");
  await pause(ms);
  member.clock.missTime(ms);
  member.thaw();
}
