import { styleText } from "node:util";
import type { Inspection } from "../../index.ts";
import type { Spread, Verdict } from "./verdict.ts";

/** What is shown while a demo runs. */
export interface Scene {
  readonly elapsedMs: number;
  readonly totalMs: number;
  readonly inspection: Inspection | undefined;
  readonly workers: readonly WorkerSight[];
  readonly holder?: number;
}

export interface WorkerSight {
  readonly pid: number | undefined;
  readonly isWaiting: boolean;
  readonly grantCount: number;
}

export interface View {
  /** Something happened that should stay visible. */
  event(text: string): void;
  show(scene: Scene): void;
  verdict(verdict: Verdict): void;
}

/** A view that is drawn over and over in a terminal, and plain lines elsewhere. */
export function viewFor(stream: NodeJS.WriteStream): View {
  return stream.isTTY ? new LiveView(stream) : new PlainView(stream);
}

class PlainView implements View {
  readonly #stream: NodeJS.WriteStream;
  #lastSecond = -1;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  event(text: string): void {
    this.#stream.write(`${text}\n`);
  }

  show(scene: Scene): void {
    const second = Math.floor(scene.elapsedMs / 1_000);
    if (second === this.#lastSecond) return;
    this.#lastSecond = second;
    this.#stream.write(`${seconds(scene.elapsedMs)}  ${statusLine(scene)}\n`);
  }

  verdict(verdict: Verdict): void {
    this.#stream.write(verdictText(verdict));
  }
}

class LiveView implements View {
  readonly #stream: NodeJS.WriteStream;
  #drawnLines = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  event(text: string): void {
    this.#wipe();
    this.#stream.write(`${styleText("yellow", text)}\n`);
  }

  show(scene: Scene): void {
    const width = this.#stream.columns || 80;
    const lines = [
      bar(scene, Math.min(40, width - 20)),
      ...nodeLines(scene),
      ...workerLines(scene),
    ];
    this.#wipe();
    this.#stream.write(`${lines.join("\n")}\n`);
    this.#drawnLines = lines.length;
  }

  verdict(verdict: Verdict): void {
    this.#wipe();
    const colour = verdict.isGood ? "green" : "red";
    this.#stream.write(styleText(colour, verdictText(verdict)));
  }

  /** Takes the last scene away, so that what stays is not mixed up with what moves. */
  #wipe(): void {
    if (this.#drawnLines > 0) this.#stream.write(`\u001B[${this.#drawnLines}A\u001B[0J`);
    this.#drawnLines = 0;
  }
}

function bar({ elapsedMs, totalMs }: Scene, width: number): string {
  const done = Math.round(Math.min(1, elapsedMs / totalMs) * width);
  return `${seconds(elapsedMs)} [${"=".repeat(done)}${" ".repeat(width - done)}]`;
}

function nodeLines({ inspection, workers }: Scene): string[] {
  return (inspection?.nodes ?? []).map((report) => {
    if (report.answer === "unknown") {
      return styleText("red", `  ${report.node}  down   ${report.message}`);
    }
    const pid = report.answer === "held" ? report.holders[0]?.pid : undefined;
    const worker = workers.findIndex((each) => each.pid === pid);
    const vote = worker === -1 ? "free" : `votes for worker ${worker + 1}`;
    return `  ${report.node}  up     ${vote}`;
  });
}

function workerLines({ workers, holder }: Scene): string[] {
  return workers.map(({ isWaiting, grantCount }, index) => {
    const isHolder = holder === index;
    const state = isHolder ? "holds" : isWaiting ? "waits" : "      ";
    const line = `  worker ${index + 1}  ${state.padEnd(6)} ${String(grantCount).padStart(5)} grants`;
    return isHolder ? styleText("green", line) : line;
  });
}

function statusLine({ inspection, workers, holder }: Scene): string {
  const nodes = inspection?.nodes ?? [];
  const up = nodes.filter(({ answer }) => answer !== "unknown").length;
  const grants = workers.reduce((sum, { grantCount }) => sum + grantCount, 0);
  const waiting = workers.filter(({ isWaiting }) => isWaiting).length;
  const who = holder === undefined ? "nobody holds" : `worker ${holder + 1} holds`;
  return `${up} of ${nodes.length} masters up, ${who}, ${waiting} wait, ${grants} grants`;
}

function verdictText(verdict: Verdict): string {
  const { grantCount, counter, overlapCount, outageGrantCount } = verdict;
  const lines = [
    `grants        ${grantCount}`,
    `counter       ${counter}${counter === grantCount ? " (equals the grants)" : ""}`,
    `overlaps      ${overlapCount}`,
    `grants while two masters were down  ${outageGrantCount ?? "(none were killed)"}`,
    `wait          ${spreadText(verdict.waitMs)}`,
    `hold          ${spreadText(verdict.holdMs)}`,
  ];
  const outcome = verdict.isGood ? "good" : `BAD: ${verdict.complaints.join("; ")}`;
  return `\n${lines.join("\n")}\nverdict       ${outcome}\n`;
}

function spreadText({ p50, p99, max }: Spread): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return `median ${ms(p50)}, 99 % ${ms(p99)}, longest ${ms(max)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1).padStart(5)} s`;
}
