import type { Link, Step } from "./step.ts";

type Words = {
  readonly [Do in Step["do"]]: (step: Extract<Step, { readonly do: Do }>) => string;
};

const words: Words = {
  wait: ({ ms }) => `${ms} ms pass`,
  healAll: () => "everything is healed",

  ask: ({ client, resources }) => `${client} asks for ${resources.join(" and ")}`,
  answer: ({ client, withinMs }) => `${client} gets its answer, or ${withinMs} ms pass`,
  enter: ({ client }) => `${client} enters its critical section`,
  leave: ({ client }) => `${client} leaves its critical section`,
  extend: ({ client }) => `${client} extends its lock`,
  release: ({ client }) => `${client} releases its lock`,
  work: () => "all clients work by themselves",
  rest: () => "all clients come to rest",
  freezeClient: ({ client }) => `${client} is stopped (SIGSTOP)`,
  thawClient: ({ client }) => `${client} goes on (SIGCONT)`,
  killClient: ({ client }) => `${client} is killed (SIGKILL)`,
  startClient: ({ client }) => `${client} is started again`,
  stallClient: ({ client, ms }) => `the event loop of ${client} is blocked for ${ms} ms`,
  suspendClient: ({ client, ms }) => `the machine of ${client} sleeps for ${ms} ms`,
  setClientClock: ({ client, offsetMs }) => `the wall clock of ${client} is set ${offsetMs} ms off`,

  kill: ({ node }) => `node ${node} is killed (SIGKILL)`,
  start: ({ node }) => `node ${node} is started again`,
  freeze: ({ node }) => `node ${node} is stopped (SIGSTOP)`,
  thaw: ({ node }) => `node ${node} goes on (SIGCONT)`,
  flush: ({ node }) => `node ${node} is emptied (FLUSHALL)`,
  remember: ({ node }) => `what is on the disk of node ${node} is remembered`,
  loseTail: ({ node }) =>
    `node ${node} loses its power and the end of its append-only file, and is started again`,
  restoreOld: ({ node }) => `node ${node} is killed and started again with an old snapshot`,
  follow: ({ node }) => `node ${node} gets a replica that lags behind`,
  promote: ({ node }) => `node ${node} is killed, and its replica takes its place`,
  evict: ({ node, policy }) => `node ${node} evicts what it has (${policy})`,
  fill: ({ node }) => `node ${node} has no memory left`,
  drain: ({ node }) => `node ${node} has memory again`,
  pauseCommands: ({ node, ms }) => `node ${node} executes nothing for ${ms} ms (CLIENT PAUSE)`,
  busy: ({ node, ms }) => `node ${node} runs a script for ${ms} ms`,
  sleep: ({ node, ms }) => `node ${node} sleeps for ${ms} ms (DEBUG SLEEP)`,
  setClock: ({ node, offsetMs, rate }) => {
    const faster = rate === undefined ? "" : ` and goes ${rate * 100} % too fast`;
    return `the clock of node ${node} is set ${offsetMs} ms off${faster}`;
  },

  cut: (step) => `${link(step)} is cut`,
  mend: (step) => `${link(step)} is whole again`,
  hold: (step) => `${step.direction} on ${link(step)} are kept back`,
  swallow: ({ direction = "packets", ...way }) => `${direction} on ${link(way)} are swallowed`,
  deliver: (step) => `${step.direction} on ${link(step)} are delivered`,
  overtake: (step) =>
    `new connections on ${link(step)} overtake ${step.direction} that are kept back`,
  reset: (step) => `connections on ${link(step)} break`,
  slow: (step) => `${link(step)} takes ${step.ms} ms and up to ${step.jitterMs ?? 0} ms more`,
  narrow: (step) => `${link(step)} takes ${step.bytesPerSecond} bytes a second`,
  closeSlowly: (step) => `${link(step)} passes on the end of a connection ${step.ms} ms late`,
};

/** What a step does, in words. */
export function wordsFor(step: Step): string {
  // Each entry takes the step of its own name.
  return (words[step.do] as (step: Step) => string)(step);
}

/** Whether there is such a step. */
export function isStepName(name: string): name is Step["do"] {
  return Object.hasOwn(words, name);
}

function link({ client, node }: Link): string {
  const from = client ?? "everybody";
  const to = node === undefined ? "all nodes" : `node ${node}`;
  return `the way from ${from} to ${to}`;
}
