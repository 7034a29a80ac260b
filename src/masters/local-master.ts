import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import { guardScript } from "./guard-script.ts";
import { freePort } from "./port.ts";
import type { Master } from "./master.ts";
import type { ServerBinary } from "./server-binary.ts";
import { stopProcess } from "./stop-process.ts";

export interface LocalMasterOptions {
  readonly binary: ServerBinary;
  /** A folder that is its own. */
  readonly folder: string;
  readonly isPersistent: boolean;
  readonly serverArguments: readonly string[];
}

/** A `redis-server` process of our own. */
export class LocalMaster implements Master {
  readonly isOurs = true;
  readonly #options: LocalMasterOptions;
  #port = 0;
  #pid: number | undefined;
  #guard: ChildProcess | undefined;

  private constructor(options: LocalMasterOptions) {
    this.#options = options;
  }

  static async start(options: LocalMasterOptions): Promise<LocalMaster> {
    await mkdir(options.folder, { recursive: true });
    const master = new LocalMaster(options);
    // Between finding a port and taking it, somebody else may have taken it.
    for (let tries = 1; ; tries++) {
      master.#port = await freePort();
      try {
        await master.start();
        return master;
      } catch (error) {
        if (tries === 5) throw error;
      }
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  async kill(): Promise<void> {
    const guard = this.#guard;
    if (guard === undefined || this.#pid === undefined) return;
    const gone = once(guard, "exit");
    process.kill(this.#pid, "SIGKILL");
    await gone;
  }

  async pause(): Promise<void> {
    if (this.#pid !== undefined) await stopProcess(this.#pid);
  }

  async resume(): Promise<void> {
    if (this.#pid !== undefined) process.kill(this.#pid, "SIGCONT");
  }

  async start(): Promise<void> {
    if (this.#guard !== undefined) return;
    const { binary } = this.#options;
    const guard = spawn("/bin/sh", ["-c", guardScript(), "sh", binary.path, ...this.#arguments()], {
      stdio: ["pipe", "pipe", "ignore"],
      // In a group of its own, so that Ctrl-C reaches us alone and we end it in our order.
      detached: true,
      env: { ...process.env, ...binary.environment },
    });
    this.#guard = guard;
    guard.once("exit", () => {
      guard.stdin?.destroy();
      this.#guard = undefined;
      this.#pid = undefined;
    });
    await this.#ready(guard);
  }

  #arguments(): string[] {
    const { folder, isPersistent, serverArguments } = this.#options;
    const appendOnly = isPersistent ? "yes" : "no";
    return [
      ...["--port", String(this.#port), "--bind", "127.0.0.1", "--dir", folder],
      ...["--save", "", "--appendonly", appendOnly, "--daemonize", "no"],
      ...serverArguments,
    ];
  }

  async #ready(guard: ChildProcess): Promise<void> {
    if (guard.stdout === null) throw new Error("the server was started without its output");
    const lines = createInterface(guard.stdout);
    const log: string[] = [];
    const isReady = new Promise<void>((resolve, reject) => {
      lines.on("line", (line) => {
        log.push(line);
        if (line.startsWith("pid ")) this.#pid = Number(line.slice(4));
        if (line.includes("Ready to accept connections")) resolve();
      });
      guard.once("error", reject);
      guard.once("close", () => {
        reject(new Error(`redis-server ended before it was ready:\n${log.slice(-5).join("\n")}`));
      });
    });
    await isReady;
    // The rest of its output is read and dropped, so that it never waits for us.
    lines.removeAllListeners("line").on("line", () => {});
  }
}
