import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { WorkerMessage, WorkerOrders } from "./message.ts";

/** What is seen of a worker from outside. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  isReady = false;
  isWaiting = false;
  grantCount = 0;

  constructor(orders: WorkerOrders, onMessage: (message: WorkerMessage) => void) {
    const module = new URL("worker.js", import.meta.url);
    // In a group of its own, so that Ctrl-C reaches the demo alone and it ends in its order.
    this.#child = fork(module, [JSON.stringify(orders)], { detached: true });
    this.#exit = once(this.#child, "exit");
    this.#child.on("message", (message: WorkerMessage) => {
      this.isReady ||= message.kind === "ready";
      this.isWaiting = message.kind === "waiting";
      if (message.kind === "section") this.grantCount++;
      onMessage(message);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /** Lets it finish what it does; ends it if that takes too long. */
  async end(patienceMs: number): Promise<void> {
    if (this.#child.connected) this.#child.send("end");
    const killer = setTimeout(() => this.kill(), patienceMs);
    await this.#exit;
    clearTimeout(killer);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
