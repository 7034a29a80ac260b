import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { startMasters, type Masters } from "../../masters/masters.ts";
import { Proxy } from "../network/proxy.ts";

const pauseMs = 10;
const patienceMs = 10_000;

/** A replica that knows all until now, and nothing of what comes. */
export class LaggingReplica {
  readonly #masters: Masters;
  readonly #link: Proxy;
  readonly #client: Redis;

  private constructor(masters: Masters, link: Proxy, client: Redis) {
    this.#masters = masters;
    this.#link = link;
    this.#client = client;
  }

  static async of(url: string, master: Redis): Promise<LaggingReplica> {
    await master.config("SET", "repl-diskless-sync-delay", "0");
    const link = await Proxy.to(url);
    const masters = await startMasters({ count: 1 });
    const client = new Redis(masters.urls[0] ?? "");
    client.on("error", () => {});
    const replica = new LaggingReplica(masters, link, client);
    try {
      await client.replicaof("127.0.0.1", new URL(link.url).port);
      await replica.#linked();
    } catch (error) {
      await replica.close();
      throw error;
    }
    link.hold("replies");
    return replica;
  }

  get url(): string {
    return this.#masters.urls[0] ?? "";
  }

  async promote(): Promise<void> {
    await this.#client.replicaof("NO", "ONE");
  }

  async close(): Promise<void> {
    this.#client.disconnect();
    await this.#link.close();
    await this.#masters.close();
  }

  async #linked(): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (!(await this.#client.info("replication")).includes("master_link_status:up")) {
      if (performance.now() > deadline) throw new Error("the replica does not come up");
      await pause(pauseMs);
    }
  }
}
