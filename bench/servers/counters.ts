import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { sum } from "../statistics.ts";
import type { System } from "../system.ts";

/** A client has its quorum before the slowest masters are done. */
const lookMs = 2;
const mostLooks = 20;

/** What masters count of themselves, over connections of our own. */
export class Counters implements AsyncDisposable {
  readonly #clients: readonly Redis[];

  private constructor(clients: readonly Redis[]) {
    this.#clients = clients;
  }

  static async of(urls: readonly string[]): Promise<Counters> {
    const clients = urls.map((url) => new Redis(url));
    for (const client of clients) client.on("error", () => {});
    await Promise.all(clients.map((client) => client.ping()));
    return new Counters(clients);
  }

  /** How many commands of this system all masters have run together, when they have done what is on its way. */
  async commands(system: System): Promise<number> {
    let count = await this.#count(system);
    for (let looks = 0; looks < mostLooks; looks++) {
      await pause(lookMs);
      const before = count;
      count = await this.#count(system);
      if (count === before) break;
    }
    return count;
  }

  async #count({ commands }: System): Promise<number> {
    const answers = await Promise.all(this.#clients.map((client) => client.info("commandstats")));
    return sum(answers.map((text) => commandsIn(text, commands)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    return Promise.resolve();
  }
}

/** The calls of these commands, of those that `INFO commandstats` tells. */
export function commandsIn(text: string, names: readonly string[]): number {
  const calls = [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)];
  return sum(
    calls.map(([, name = "", count]) =>
      names.includes(name.split("|")[0] ?? "") ? Number(count) : 0,
    ),
  );
}
