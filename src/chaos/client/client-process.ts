import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { ClientMessage, ClientOrders, Order } from "./message.ts";
import type { Warden } from "../run/warden.ts";

export interface ClientProcessOptions {
  readonly orders: ClientOrders;
  /** What it is started through; empty for nothing. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly warden: Warden;
  readonly onMessage: (message: ClientMessage) => void;
  /** It has ended; by itself, unless it was killed. */
  readonly onExit: () => void;
}

/** A client that is not ready by then, in milliseconds, is ended: it will never be. */
const mostStartMs = 60_000;

/** A client, as the harness sees it. */
export class ClientProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  readonly #ready: Promise<void>;

  constructor(options: ClientProcessOptions) {
    const { orders, command, environment, warden, onMessage, onExit } = options;
    const module = new URL("client.js", import.meta.url);
    const [execPath, ...before] = [...command, process.execPath];
    // In a group of its own, so that Ctrl-C reaches the harness alone and it ends in its order.
    this.#child = fork(module, [JSON.stringify(orders)], {
      detached: true,
      execPath,
      execArgv: [...before, ...process.execArgv, "--expose-gc"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { ...process.env, ...environment },
    });
    const { pid } = this.#child;
    if (pid !== undefined) warden.mind(pid);
    const said: string[] = [];
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      if (said.length < 100) said.push(text);
    });
    const patience = setTimeout(() => this.signal("SIGKILL"), mostStartMs);
    this.#exit = once(this.#child, "exit").then(() => {
      clearTimeout(patience);
      if (pid !== undefined) warden.forget(pid);
      onExit();
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#child.on("message", (message: ClientMessage) => {
        if (message.kind === "ready") {
          clearTimeout(patience);
          resolve();
        }
        onMessage(message);
      });
      this.#child.once("error", reject);
      void this.#exit.then(() =>
        reject(new Error(`client ${orders.name} ended before it was ready:\n${said.join("")}`)),
      );
    });
    // It may be killed before anybody waits for it.
    this.#ready.catch(() => {});
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when it can be told something. */
  ready(): Promise<void> {
    return this.#ready;
  }

  tell(order: Order): void {
    // What it cannot hear any more is lost with it.
    if (this.#child.connected) this.#child.send(order, () => {});
  }

  signal(signal: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void {
    this.#child.kill(signal);
  }

  /** Resolves to whether it has ended within that time. */
  async gone(withinMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), withinMs);
    });
    const isGone = await Promise.race([this.#exit.then(() => true), patience]);
    clearTimeout(timer);
    return isGone;
  }

  async kill(): Promise<void> {
    if (this.isRunning) this.signal("SIGKILL");
    await this.#exit;
  }
}
