import type { Link, Step } from "./step.ts";

/** What a step does, in words. */
export function wordsFor(step: Step): string {
  switch (step.do) {
    case "wait":
      return `${step.ms} ms pass`;
    case "healAll":
      return "everything is healed";
    case "ask":
      return `${step.client} asks for ${step.resources.join(" and ")}`;
    case "answer":
      return `${step.client} gets its answer, or ${step.withinMs} ms pass`;
    case "enter":
    case "leave":
      return `${step.client} ${step.do}s its critical section`;
    case "extend":
      return `${step.client} extends its lock`;
    case "release":
      return `${step.client} releases its lock`;
    case "work":
      return "all clients work by themselves";
    case "rest":
      return "all clients come to rest";
    default:
      return step.do.endsWith("Client") || step.do === "setClientClock"
        ? clientWords(step as ClientFault)
        : faultWords(step as NodeFault);
  }
}

type ClientFault = Extract<Step, { readonly do: `${string}Client` | "setClientClock" }>;
type NodeFault = Exclude<
  Step,
  | ClientFault
  | {
      readonly do:
        | "wait"
        | "healAll"
        | "ask"
        | "answer"
        | "enter"
        | "leave"
        | "extend"
        | "release"
        | "work"
        | "rest";
    }
>;

function clientWords(step: ClientFault): string {
  const { client } = step;
  switch (step.do) {
    case "freezeClient":
      return `${client} is stopped (SIGSTOP)`;
    case "thawClient":
      return `${client} goes on (SIGCONT)`;
    case "killClient":
      return `${client} is killed (SIGKILL)`;
    case "startClient":
      return `${client} is started again`;
    case "stallClient":
      return `the event loop of ${client} is blocked for ${step.ms} ms`;
    case "suspendClient":
      return `the machine of ${client} sleeps for ${step.ms} ms`;
    case "setClientClock":
      return `the wall clock of ${client} is set ${step.offsetMs} ms off`;
  }
}

const nodeWords: Record<string, string> = {
  kill: "is killed (SIGKILL)",
  start: "is started again",
  freeze: "is stopped (SIGSTOP)",
  thaw: "goes on (SIGCONT)",
  flush: "is emptied (FLUSHALL)",
  remember: "has its disk remembered",
  loseTail: "loses its power and the end of its append-only file, and is started again",
  restoreOld: "is killed and started again with an old snapshot",
  follow: "gets a replica that lags behind",
  promote: "is killed, and its replica takes its place",
  fill: "has no memory left",
  drain: "has memory again",
};

function faultWords(step: NodeFault): string {
  switch (step.do) {
    case "evict":
      return `node ${step.node} evicts what it has (${step.policy})`;
    case "pauseCommands":
      return `node ${step.node} executes nothing for ${step.ms} ms (CLIENT PAUSE)`;
    case "busy":
      return `node ${step.node} runs a script for ${step.ms} ms`;
    case "setClock": {
      const faster = step.rate === undefined ? "" : ` and goes ${step.rate * 100} % too fast`;
      return `the clock of node ${step.node} is set ${step.offsetMs} ms off${faster}`;
    }
    case "cut":
      return `${link(step)} is cut`;
    case "mend":
      return `${link(step)} is whole again`;
    case "hold":
      return `${step.direction} on ${link(step)} are kept back`;
    case "deliver":
      return `${step.direction} on ${link(step)} are delivered`;
    case "reset":
      return `connections on ${link(step)} break`;
    case "slow":
      return `${link(step)} takes ${step.ms} ms and up to ${step.jitterMs ?? 0} ms more`;
    case "narrow":
      return `${link(step)} takes ${step.bytesPerSecond} bytes a second`;
    case "closeSlowly":
      return `${link(step)} passes on the end of a connection ${step.ms} ms late`;
    default:
      return `node ${step.node} ${nodeWords[step.do] ?? step.do}`;
  }
}

function link({ client, node }: Link): string {
  const from = client ?? "everybody";
  const to = node === undefined ? "all nodes" : `node ${node}`;
  return `the way from ${from} to ${to}`;
}
