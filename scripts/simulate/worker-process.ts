import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Order } from "./order.ts";
import { emptyTally, type Tally } from "./tally.ts";

const program = fileURLToPath(new URL("worker.ts", import.meta.url));

/** A process that runs worlds with one build, order by order, until one brings it down. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  readonly #exit: Promise<unknown>;

  constructor(source: string) {
    this.#child = fork(program, [source], { execArgv: ["--import", "tsx"] });
    this.#exit = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#ready = Promise.race([once(this.#child, "message"), this.#exit]);
  }

  /** What came of it. With a `crash` in it the process is gone. */
  async run(order: Order): Promise<Tally> {
    await this.#ready;
    const told = new Promise<Tally>((resolve) =>
      this.#child.once("message", resolve as () => void),
    );
    const gone = this.#exit.then((code) => ({
      ...emptyTally(),
      crash: `exit code ${String(code)}`,
    }));
    if (this.#child.connected) this.#child.send(order);
    return Promise.race([told, gone]);
  }

  async end(): Promise<void> {
    await this.#ready;
    if (this.#child.connected) this.#child.disconnect();
    await this.#exit;
  }
}
