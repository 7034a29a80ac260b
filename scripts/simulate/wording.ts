import type { HistoryEvent, SimulatedFault } from "../../src/testing.ts";

/** A schedule in words, a line for each fault. */
export function scheduleInWords(faults: readonly SimulatedFault[]): string[] {
  if (faults.length === 0) return ["nothing is broken"];
  return faults
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((fault) => `at ${rounded(fault.atMs)} ms ${faultInWords(fault)}`);
}

/** An event as a line: when, what, and its details. */
export function eventInWords({ at, type, ...details }: HistoryEvent): string {
  const words = Object.entries(details).map(([name, value]) => `${name} ${detail(value)}`);
  return [`${rounded(at)} ms`, type, ...words].join("  ");
}

function faultInWords(fault: SimulatedFault): string {
  const node = "node" in fault ? `n${fault.node + 1}` : "";
  const during = "forMs" in fault ? `for ${rounded(fault.forMs)} ms` : "";
  if ("client" in fault) return clientFaultInWords(fault, `c${fault.client + 1}`, node, during);
  switch (fault.kind) {
    case "crash":
      return `${node} crashes ${during} and comes back ${withWhat[fault.restart]}`;
    case "flush":
      return `${node} is flushed`;
    case "promote":
      return `a replica of ${node} that lags behind takes its place`;
    case "remember":
      return `what ${node} knows is copied, for replicas and restarts`;
    case "freeze":
      return `${node} freezes ${during}`;
    case "fast":
      return `the clock of ${node} runs 2 % fast ${during}`;
    case "clock":
      return `the clock of ${node} is set ${ahead(fault.stepMs)}`;
    case "slow":
      break;
  }
  return `messages to and from ${node} take up to ${rounded(fault.delayMs)} ms ${during}`;
}

function clientFaultInWords(
  fault: Extract<SimulatedFault, { readonly client: number }>,
  client: string,
  node: string,
  during: string,
): string {
  switch (fault.kind) {
    case "cut":
      return `${client} and ${node} are cut off from each other${oneWay[fault.direction]} ${during}`;
    case "reset":
      return `the connection of ${client} to ${node} is reset`;
    case "stop":
      return `${client} is stopped ${during}`;
    case "kill":
      break;
  }
  return `${client} is killed, and another one takes its place`;
}

function ahead(stepMs: number): string {
  return `${rounded(Math.abs(stepMs))} ms ${stepMs < 0 ? "back" : "forward"}`;
}

const withWhat = { intact: "with its data", empty: "empty", stale: "with old data" } as const;
const oneWay = { there: ", one way there,", back: ", one way back,", both: "" } as const;

function detail(value: unknown): string {
  if (typeof value === "number") return String(rounded(value));
  if (Array.isArray(value)) return value.join("+");
  if (typeof value !== "object" || value === null) return String(value);
  return `(${Object.entries(value)
    .map(([name, part]) => `${name} ${detail(part)}`)
    .join(", ")})`;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
