import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { ttlMs, type System } from "../system.ts";
import type { JobName, Jobs } from "./jobs.ts";
import type { Answer, Order } from "./message.ts";

const program = fileURLToPath(new URL("client.ts", import.meta.url));

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A client process, as the bench sees it. It ends with us. */
export class Client implements AsyncDisposable {
  readonly system: System;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  private constructor(system: System) {
    this.system = system;
    const execArgv = [...process.execArgv, "--expose-gc", "--disable-warning=ExperimentalWarning"];
    this.#process = fork(program, { execArgv, stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.#process.on("message", (message: Answer) => this.#hear(message));
    this.#process.on("exit", (code, signal) => {
      const error = new Error(`a client of ${system.name} ended (${signal ?? code})`);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  /** Resolves when it is connected. */
  static async open(
    system: System,
    urls: readonly string[],
    options?: { readonly ttlMs: number },
  ): Promise<Client> {
    const client = new Client(system);
    try {
      await client.open(urls, options);
    } catch (error) {
      await client.kill();
      throw error;
    }
    return client;
  }

  /** Connects to other servers, as well as those at other places, and instead of those at this one. */
  async open(
    urls: readonly string[],
    options: { readonly ttlMs?: number; readonly place?: number } = {},
  ): Promise<void> {
    const { place = 0 } = options;
    const { name: open } = this.system;
    await this.#send({ id: ++this.#count, place, open, urls, ttlMs: options.ttlMs ?? ttlMs });
  }

  run<Name extends JobName>(
    job: Name,
    options: Parameters<Jobs[Name]>[1],
    place = 0,
  ): Promise<Awaited<ReturnType<Jobs[Name]>>> {
    const sent = this.#send({ id: ++this.#count, place, job, options });
    return sent as Promise<Awaited<ReturnType<Jobs[Name]>>>;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** `SIGKILL`; resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await gone;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  #send(order: Order): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(order.id, { resolve, reject });
      this.#process.send(order);
    });
  }

  #hear(message: Answer): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("error" in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.result);
  }
}

/** Clients that end together. */
export class Clients implements AsyncDisposable {
  readonly all: readonly Client[];

  private constructor(all: readonly Client[]) {
    this.all = all;
  }

  /** One for each of these, all started at once; all or none. */
  static async open(
    systems: readonly System[],
    urls: readonly string[],
    options?: { readonly ttlMs: number },
  ): Promise<Clients> {
    const opening = systems.map((system) => Client.open(system, urls, options));
    const opened = await Promise.allSettled(opening);
    const all = opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const failed = opened.find((each) => each.status === "rejected");
    const clients = new Clients(all);
    if (failed === undefined) return clients;
    await clients[Symbol.asyncDispose]();
    throw failed.reason;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.all.map((client) => client.kill()));
  }
}
