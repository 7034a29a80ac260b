import { connect, type Socket } from "node:net";
import type { Journal } from "../run/journal.ts";
import { monitorLine } from "./monitor-line.ts";
import { slotsIn } from "./slot.ts";

const prefix = "quorumlock:";
const pauseMs = 20;

export interface AuditOptions {
  readonly node: string;
  readonly journal: Journal;
  /** For how long a node that may have forgotten votes must not vote, in milliseconds. */
  readonly silenceMs: number;
}

/**
 * What a node itself says that it did, in its own order: a connection on which it tells of every command,
 * `MONITOR`. Every slot that is written is a vote.
 */
export class Audit {
  readonly #options: AuditOptions;
  /** Every slot that was ever written: each says when that was, so none comes twice. */
  readonly #slots = new Set<string>();
  #url: string;
  #socket: Socket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;
  #hasVoted = false;
  /** When the process ended that is to be followed by another one. */
  #lossAt: number | undefined;
  #silentUntil = -Infinity;

  constructor(url: string, options: AuditOptions) {
    this.#url = url;
    this.#options = options;
    this.#connect();
  }

  /** The process with its memory is gone, or is going to be in this moment. */
  lost(): void {
    this.#lossAt = this.#options.journal.now();
  }

  /** Another server takes its place. */
  point(url: string): void {
    this.#url = url;
    this.#socket?.destroy();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#socket?.destroy();
  }

  #connect(): void {
    const socket = connect(Number(new URL(this.#url).port), "127.0.0.1");
    this.#socket = socket;
    socket.on("error", () => {});
    socket.on("connect", () => {
      this.#restart();
      socket.write("MONITOR\r\n");
    });
    let rest = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      const lines = (rest + text).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#read(line);
    });
    socket.on("close", () => {
      if (!this.#isClosed) this.#retry = setTimeout(() => this.#connect(), pauseMs);
    });
  }

  /** Another process answers than before. */
  #restart(): void {
    if (this.#lossAt !== undefined) this.#forget(this.#lossAt);
    this.#lossAt = undefined;
  }

  #forget(at: number): void {
    if (this.#hasVoted) this.#silentUntil = at + this.#options.silenceMs;
  }

  #read(line: string): void {
    const { journal, node } = this.#options;
    const said = monitorLine(line);
    if (said === undefined) return;
    if (!said.isInScript) journal.countCommand(node);
    const [command = "", key = "", ...fields] = said.words;
    if (/^flush(all|db)$/i.test(command)) this.#forget(journal.now());
    else if (/^hset$/i.test(command) && key.startsWith(prefix)) this.#write(key, paired(fields));
  }

  #write(key: string, fields: Readonly<Record<string, string>>): void {
    const { journal, node } = this.#options;
    const at = journal.now();
    for (const { text, owner: attempt, mode, fencingToken } of slotsIn(fields)) {
      const slot = `${key}\n${text}`;
      if (this.#slots.has(slot)) continue;
      this.#slots.add(slot);
      this.#hasVoted = true;
      const resource = key.slice(prefix.length);
      const isQuarantined = at < this.#silentUntil;
      journal.note({
        ...{ type: "vote", at, node, attempt, resource, mode, fencingToken, isQuarantined },
      });
    }
  }
}

/** Fields and values in turn, as `HSET` has them. */
function paired(words: readonly string[]): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (let i = 0; i + 1 < words.length; i += 2) pairs[words[i] ?? ""] = words[i + 1] ?? "";
  return pairs;
}
