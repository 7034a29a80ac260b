import { noSpaces } from "../ability.ts";
import { Team } from "../client/team.ts";
import type { ClientOrders } from "../client/message.ts";
import { Network } from "../network/network.ts";
import type { ServerNode } from "../nodes/server-node.ts";
import { startNodes } from "../nodes/start-nodes.ts";
import type { Step } from "../schedule/step.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { System } from "../systems/system.ts";
import { patchedBuild, type Build } from "../systems/patched-build.ts";
import { finish, type Ending } from "./finish.ts";
import { Journal } from "./journal.ts";
import { Player } from "./player.ts";
import { Resource } from "./resource.ts";
import { ordersFor } from "./orders.ts";
import { Warden } from "./warden.ts";

export interface RunOptions {
  readonly system: System;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly nodeCount: number;
  readonly clients: readonly string[];
  readonly ttlMs: number;
  readonly schedule: readonly Step[];
  /** The file from whose folder the packages of peers are looked for. */
  readonly peers: string;
  readonly signal: AbortSignal;
  readonly onStep: (text: string) => void;
}

/** What a run has seen, to be judged. */
export interface Observed {
  readonly journal: Journal;
  readonly resource: Resource;
  readonly nodes: readonly { readonly name: string; readonly url: string }[];
  readonly origin: string;
  /** Whether the clients had networks of their own; why not, where a schedule wants it. */
  readonly hasSpaces: boolean;
  readonly whyByProxy?: string;
  readonly settings: ClientOrders["settings"];
  readonly ending: Ending;
  /** The last instant. */
  readonly until: number;
}

/**
 * Starts nodes and clients, plays the schedule, and ends all of them, whatever happens.
 *
 * @throws the signal's reason when it ended the run.
 */
export async function observe(options: RunOptions): Promise<Observed> {
  const journal = new Journal();
  const resource = new Resource(journal);
  const warden = new Warden();
  const build = await patchedBuild(options.system.patches);
  let nodes: readonly ServerNode[] = [];
  let network: Network | undefined;
  let team: Team | undefined;
  try {
    nodes = await nodesOf(options, journal);
    const { schedule } = options;
    const whyByProxy = needsSpaces(schedule) ? await noSpaces() : undefined;
    const hasSpaces = needsSpaces(schedule) && whyByProxy === undefined;
    network = new Network({ nodes, journal, hasSpaces });
    team = makeTeam(options, { journal, resource, warden, build, network, nodes });
    await team.start(options.clients);
    const { signal, onStep } = options;
    const player = new Player({ nodes, team, network, journal, signal, onStep });
    await player.play(options.schedule);
    const ending = await finish({ team, nodes, journal, ttlMs: options.ttlMs, signal });
    const [first] = nodes;
    return {
      ...{ journal, resource, ending, until: journal.now() },
      nodes: nodes.map(({ name, url }) => ({ name, url })),
      origin: first?.origin ?? "",
      hasSpaces,
      ...(whyByProxy !== undefined && { whyByProxy }),
      settings: settingsOf(options),
    };
  } finally {
    await team?.kill();
    await network?.close();
    await Promise.all(nodes.map((node) => node.close()));
    await build[Symbol.asyncDispose]();
    warden.close();
  }
}

/** Only a network of one's own loses packets; all else proxies can do, too. */
function needsSpaces(schedule: readonly Step[]): boolean {
  return schedule.some((step) => step.do === "swallow");
}

function settingsOf({ system, scenario, ttlMs }: RunOptions): ClientOrders["settings"] {
  return system.settings({ ttlMs, maxSkewMs: usualSkewMs, ...scenario.wanted });
}

/** Short, so that ends of quarantines can be waited for. */
const usualSkewMs = 200;

function nodesOf(
  { system, scenario, nodeCount, ttlMs, peers }: RunOptions,
  journal: Journal,
): Promise<readonly ServerNode[]> {
  const { clocks, isPersistent, serverArguments } = scenario;
  return startNodes({
    ...{ authority: system.authority, nodeCount, journal, ttlMs, isPersistent, serverArguments },
    ...{ hasClock: clocks.includes("nodes"), resources: ["warm up", ...scenario.resources], peers },
    mayDebug: scenario.mayDebug === true,
  });
}

interface Parts {
  readonly journal: Journal;
  readonly resource: Resource;
  readonly warden: Warden;
  readonly build: Build;
  readonly network: Network;
  readonly nodes: readonly ServerNode[];
}

function makeTeam(options: RunOptions, parts: Parts): Team {
  const { journal, resource, warden, build, network, nodes } = parts;
  const { system, scenario, ttlMs } = options;
  return new Team({
    ...{ journal, resource, warden },
    hasClocks: scenario.clocks.includes("clients"),
    commandOf: (name) => network.commandOf(name),
    nodeBehind: (address) => network.nodeBehind(address),
    onSilence: (name, at, forMs, about) =>
      nodes.find((node) => node.name === name)?.silent(at, forMs, about),
    ordersFor: async (name) => {
      const odd = scenario.odd?.[name];
      const urls = await network.waysOf(name, odd?.nodes);
      const wanted = { ttlMs, maxSkewMs: usualSkewMs, ...scenario.wanted, ...odd?.wanted };
      return ordersFor(name, options, {
        build: build.url,
        originMs: journal.originMs,
        urls,
        settings: system.settings(wanted),
      });
    },
  });
}
