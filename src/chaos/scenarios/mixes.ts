import type { Random } from "../../index.ts";
import { everywhere } from "../authority.ts";
import type { Step } from "../schedule/step.ts";
import { expect, type Plan, type Scenario } from "./scenario.ts";
import { minority, underWork, workingRow } from "./working.ts";

/** Something that is broken for a while: what begins it, how long it lasts, what ends it. */
interface Disturbance {
  readonly begin: readonly Step[];
  readonly ms: number;
  readonly end: readonly Step[];
}

type Draw = (plan: Plan) => Disturbance;

const longestCalmMs = 500;

/** The two random mixes: rows 40 and 41. */
export const mixes: readonly Scenario[] = [
  workingRow({
    name: "mix",
    row: 40,
    authorities: everywhere,
    about: "Whatever loses no data and moves no clock, drawn at random.",
    durationMs: 20_000,
    isPersistent: true,
    expectations: expect(),
    schedule: (plan) =>
      underWork(plan, drawn(plan, [...clientDraws, ...linkDraws, ...nodeDrawsFor(plan)])),
  }),
  workingRow({
    name: "hard-mix",
    row: 41,
    about: "Also nodes that forget and clocks that leap, one at a time, drawn at random.",
    durationMs: 20_000,
    clocks: ["nodes"],
    expectations: expect({ plain: { exclusion: "either" } }),
    schedule: (plan) =>
      underWork(
        plan,
        drawn(plan, [...clientDraws, ...linkDraws, ...nodeDraws, ...hardDraws, ...hardDraws]),
      ),
  }),
];

function drawn(plan: Plan, draws: readonly Draw[]): Step[] {
  const { random, durationMs } = plan;
  const steps: Step[] = [];
  let passedMs = 0;
  while (passedMs < durationMs) {
    const { begin, ms, end } = pick(random, draws)(plan);
    const calmMs = whole(random, longestCalmMs);
    steps.push(...begin, { do: "wait", ms }, ...end, { do: "wait", ms: calmMs });
    passedMs += ms + calmMs;
  }
  return steps;
}

const clientDraws: readonly Draw[] = [
  ({ random, ttlMs }) => ({
    begin: [{ do: "freezeClient", client: "holder" }],
    ms: whole(random, 2 * ttlMs),
    end: [{ do: "healAll" }],
  }),
  ({ random, clients, ttlMs }) => {
    const client = pick(random, clients);
    const begin = [{ do: "freezeClient", client }] as const;
    return { begin, ms: whole(random, 2 * ttlMs), end: [{ do: "thawClient", client }] };
  },
  ({ random, ttlMs }) => ({
    begin: [{ do: "killClient", client: "holder" }],
    ms: whole(random, ttlMs),
    end: [{ do: "healAll" }],
  }),
  ({ random, ttlMs }) => {
    const ms = whole(random, 2 * ttlMs);
    return { begin: [{ do: "stallClient", client: "holder", ms }], ms, end: [] };
  },
];

const linkDraws: readonly Draw[] = [
  (plan) => onLinks(plan, (link) => ({ do: "cut", ...link })),
  (plan) => onLinks(plan, (link) => ({ do: "hold", direction: "requests", ...link })),
  (plan) => onLinks(plan, (link) => ({ do: "hold", direction: "replies", ...link })),
  (plan) => onLinks(plan, (link) => ({ do: "slow", ms: 5, jitterMs: 400, ...link })),
  (plan) => onLinks(plan, (link) => ({ do: "narrow", bytesPerSecond: 4_000, ...link })),
  ({ random, clients }) => ({
    begin: [{ do: "reset", client: pick(random, clients) }],
    ms: whole(random, longestCalmMs),
    end: [],
  }),
];

const nodeDraws: readonly Draw[] = [
  (plan) =>
    onNodes(
      plan,
      (node) => ({ do: "freeze", node }),
      (node) => ({ do: "thaw", node }),
    ),
  (plan) =>
    onNodes(
      plan,
      (node) => ({ do: "kill", node }),
      (node) => ({ do: "start", node }),
    ),
  ({ random, nodeCount }) => {
    const ms = 100 + whole(random, 900);
    const node = 1 + whole(random, nodeCount - 1);
    return { begin: [{ do: "pauseCommands", node, ms }], ms, end: [] };
  },
];

/** Only masters can be told to pause. */
function nodeDrawsFor({ authority }: Plan): readonly Draw[] {
  return authority === "redis" ? nodeDraws : nodeDraws.slice(0, 2);
}

const hardDraws: readonly Draw[] = [
  (plan) => onOne(plan, (node) => [{ do: "flush", node }]),
  (plan) =>
    onOne(plan, (node) => [
      { do: "kill", node },
      { do: "start", node },
    ]),
  (plan) => leap(plan, 60_000),
  (plan) => leap(plan, -60_000),
  (plan) => leap(plan, 3_600_000),
];

/** One client, and a minority or all of the nodes. */
function onLinks(
  plan: Plan,
  hurt: (link: { readonly client: string; readonly node?: number }) => Step,
): Disturbance {
  const { random, clients, ttlMs } = plan;
  const client = pick(random, clients);
  const begin =
    random.next() < 0.3 || plan.nodeCount === 1
      ? [hurt({ client })]
      : minority(plan).map((place) => hurt({ client, node: rotated(plan, place) }));
  const end = [{ do: "reset", client } as const, { do: "mend", client } as const];
  return { begin, ms: whole(random, 1.5 * ttlMs), end: random.next() < 0.5 ? end : end.slice(1) };
}

/** Some of the nodes, at most a minority. */
function onNodes(
  plan: Plan,
  hurt: (node: number) => Step,
  heal: (node: number) => Step,
): Disturbance {
  const { random, ttlMs } = plan;
  const count = 1 + whole(random, minority(plan).length - 1);
  const shift = whole(random, plan.nodeCount - 1);
  const nodes = Array.from({ length: count }, (_, index) => 1 + ((shift + index) % plan.nodeCount));
  return { begin: nodes.map(hurt), ms: whole(random, 1.5 * ttlMs), end: nodes.map(heal) };
}

function onOne({ random, nodeCount, ttlMs }: Plan, hurt: (node: number) => Step[]): Disturbance {
  const node = 1 + whole(random, nodeCount - 1);
  return { begin: hurt(node), ms: whole(random, ttlMs), end: [] };
}

function leap({ random, nodeCount, ttlMs }: Plan, offsetMs: number): Disturbance {
  const node = 1 + whole(random, nodeCount - 1);
  const begin = [{ do: "setClock", node, offsetMs } as const];
  return { begin, ms: whole(random, ttlMs), end: [{ do: "setClock", node, offsetMs: 0 }] };
}

function rotated({ random, nodeCount }: Plan, place: number): number {
  return 1 + ((place + whole(random, nodeCount - 1)) % nodeCount);
}

/** A whole number from 0 to this one. */
function whole(random: Random, most: number): number {
  return Math.floor(random.next() * (most + 1));
}

function pick<T>(random: Random, all: readonly T[]): T {
  const one = all[Math.floor(random.next() * all.length)];
  if (one === undefined) throw new RangeError("there is nothing to be drawn from");
  return one;
}
