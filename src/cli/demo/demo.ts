import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { LockManager, type Inspection } from "../../index.ts";
import type { Masters } from "../../masters/masters.ts";
import { temporaryFolder } from "../../masters/temporary-folder.ts";
import { redisQuorum, type RedisQuorumOptions } from "../../redis.ts";
import { demoSettings, type Section, type WorkerMessage } from "./message.ts";
import type { Record } from "./verdict.ts";
import type { View } from "./view.ts";
import { WorkerProcess } from "./worker-process.ts";

export interface DemoOptions {
  readonly masters: Masters;
  readonly workerCount: number;
  readonly totalMs: number;
  /** Whether the masters are ours, so that two of them may be killed. */
  readonly mayKill: boolean;
  readonly view: View;
  /** Ends the demo early. */
  readonly signal: AbortSignal;
}

const frameMs = 100;
const patienceMs = 5_000;
/** When masters are killed and when they come back, in shares of the whole. */
const killShares = [0.3, 0.35] as const;
const restartShares = [0.65, 0.7] as const;

/** One run, from the first worker to the last count. */
export class Demo {
  readonly #options: DemoOptions;
  readonly #sections: Section[] = [];
  readonly #troubles: string[] = [];
  readonly #workers: WorkerProcess[] = [];
  #crashCount = 0;
  #outage: { from: number; until: number } | undefined;
  #inspection: Inspection | undefined;

  constructor(options: DemoOptions) {
    this.#options = options;
  }

  /** @throws the signal's reason when it ended the run. Nothing is left behind then. */
  async run(): Promise<Record> {
    const folder = await temporaryFolder("quorumlock-demo-");
    const counterFile = join(folder.path, "counter");
    try {
      await writeFile(counterFile, "0");
      this.#startWorkers(counterFile);
      await this.#play();
      await Promise.all(this.#workers.map((worker) => worker.end(patienceMs)));
      return this.#record(Number(await readFile(counterFile, "utf8")));
    } finally {
      for (const worker of this.#workers) worker.kill();
      await folder.remove();
    }
  }

  #startWorkers(counterFile: string): void {
    const { workerCount, masters, view } = this.#options;
    const { urls } = masters;
    const settings = this.#settings();
    for (let worker = 0; worker < workerCount; worker++) {
      const onMessage = (message: WorkerMessage): void => {
        if (message.kind === "section") this.#sections.push(message.section);
        if (message.kind !== "trouble") return;
        this.#troubles.push(message.message);
        view.event(`worker ${worker + 1}: ${message.message}`);
      };
      this.#workers.push(new WorkerProcess({ worker, urls, counterFile, settings }, onMessage));
    }
  }

  /** Masters of somebody else may be in use, with settings that have to be the same everywhere. */
  #settings(): RedisQuorumOptions {
    return this.#options.mayKill ? demoSettings : {};
  }

  async #play(): Promise<void> {
    const { masters, totalMs, signal, view, mayKill } = this.#options;
    await using watcher = new LockManager(
      redisQuorum(masters.urls, { ...this.#settings(), roundTimeoutMs: frameMs }),
    );
    while (!this.#workers.every((worker) => worker.isReady || worker.exitCode !== null)) {
      await pause(frameMs, undefined, { signal });
    }
    const startedAt = performance.now();
    const watch = async (): Promise<void> => {
      for (;;) {
        const elapsedMs = performance.now() - startedAt;
        if (elapsedMs > totalMs) return;
        this.#inspection = await watcher.inspect("demo:counter").catch(() => this.#inspection);
        view.show({ elapsedMs, totalMs, ...this.#scene() });
        await pause(frameMs, undefined, { signal });
      }
    };
    await Promise.all([watch(), mayKill ? this.#nemesis() : undefined]);
    this.#crashCount = this.#workers.filter((worker) => worker.exitCode !== null).length;
  }

  #scene(): { inspection: Inspection | undefined; workers: WorkerProcess[]; holder?: number } {
    const pid = this.#inspection?.holders[0]?.pid;
    const holder = this.#workers.findIndex((worker) => worker.pid === pid);
    const scene = { inspection: this.#inspection, workers: this.#workers };
    return this.#inspection?.state === "held" && holder !== -1 ? { ...scene, holder } : scene;
  }

  /** Kills two masters and brings them back. */
  async #nemesis(): Promise<void> {
    const { masters, totalMs, signal, view } = this.#options;
    const [first, second] = masters.all;
    if (first === undefined || second === undefined) return;
    const at = (share: number, since: number): Promise<void> =>
      pause((share - since) * totalMs, undefined, { signal });
    await at(killShares[0], 0);
    await first.kill();
    view.event(`${first.url} was killed`);
    await at(killShares[1], killShares[0]);
    await second.kill();
    const from = Number(process.hrtime.bigint());
    view.event(`${second.url} was killed: two of ${masters.all.length} are down`);
    await at(restartShares[0], killShares[1]);
    this.#outage = { from, until: Number(process.hrtime.bigint()) };
    await first.start();
    view.event(`${first.url} is back without its data: silent for a while`);
    await at(restartShares[1], restartShares[0]);
    await second.start();
    view.event(`${second.url} is back without its data: silent for a while`);
  }

  #record(counter: number): Record {
    return {
      sections: this.#sections,
      counter,
      outage: this.#outage,
      crashCount: this.#crashCount,
      troubles: this.#troubles,
    };
  }
}
