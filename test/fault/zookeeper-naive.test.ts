/**
 * Goal: `exists`, then `create` of a plain znode, as tutorials have it, is found guilty; this
 * library is not, in the same situation. Method: the way to the ensemble is cut for one client
 * until its session is over, and mended before it releases. What three clients were told goes
 * through the checker of histories.
 */
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { LockManager } from "../../src/index.ts";
import { systemWorld } from "../../src/system/system-world.ts";
import { checkHistory, type HistoryEvent } from "../../src/testing.ts";
import { RecordingBackend } from "../../src/testing/simulation/recording-backend.ts";
import { zookeeperBackend } from "../../src/zookeeper.ts";
import { isAvailable } from "../fixture/available.ts";
import { eventually } from "../fixture/eventually.ts";
import { NaiveZnodeLock } from "../../src/chaos/recipes/naive-znode-lock.ts";
import { Proxy } from "../../src/chaos/network/proxy.ts";
import { findZooKeeper, startEnsemble, type Ensemble } from "../fixture/zookeeper.ts";

const sessionTimeoutMs = 3_000;
const resource = "/naive";
const isInstalled = await isAvailable("ZooKeeper", findZooKeeper);

/** What both kinds of lock have in common here. */
interface Client {
  acquire(): Promise<void>;
  /** Does not wait. */
  tryAcquire(): Promise<boolean>;
  release(): Promise<unknown>;
}

describe.skipIf(!isInstalled)(
  "one whose session ends while it works, and who releases then",
  () => {
    let ensemble: Ensemble;
    let proxy: Proxy;
    let history: HistoryEvent[] = [];
    const now = (): number => systemWorld.clock.now();
    const note = (event: HistoryEvent): void => void history.push(event);

    beforeAll(async () => {
      ensemble = await startEnsemble();
      proxy = await Proxy.to(`tcp://${ensemble.servers[0]?.name}`);
    });
    afterAll(async () => {
      await proxy?.close();
      await ensemble?.close();
    });
    afterEach(() => void (history = []));

    function naive(client: string, address: string): Client {
      const lock = new NaiveZnodeLock(address, { path: resource, sessionTimeoutMs });
      onTestFinished(() => lock.close());
      const attempt = `${client}.0`;
      const granted = (startedAt: number): void => {
        // For all that it knows it holds until it releases.
        const terms = {
          fencingToken: 1,
          validUntil: Number.MAX_SAFE_INTEGER,
          votes: 1,
          quorum: 1,
          startedAt,
        };
        note({ type: "granted", at: now(), attempt, ...terms });
      };
      const acquire = async (): Promise<void> => {
        const startedAt = now();
        const mode = "exclusive";
        note({ type: "invoke", at: startedAt, attempt, client, resources: [resource], mode });
        await lock.acquire();
        granted(startedAt);
      };
      return {
        acquire,
        // It was free, so there is nothing to wait for.
        tryAcquire: () => acquire().then(() => true),
        release: () => {
          note({ type: "releasing", at: now(), attempt });
          return lock.release();
        },
      };
    }

    function ours(client: string, address: string): Client {
      const inner = zookeeperBackend(address, { sessionTimeoutMs });
      const recording = { client, quorum: 1, note, now, trueTimeOf: (reading: number) => reading };
      const manager = new LockManager(new RecordingBackend(inner, recording), { ttlMs: 2_000 });
      onTestFinished(() => manager.close());
      let release = (): Promise<boolean> => Promise.resolve(false);
      return {
        acquire: async () => {
          const lock = await manager.acquire(resource);
          release = () => lock.release();
        },
        tryAcquire: async () => (await manager.tryAcquire(resource)) !== null,
        release: () => release(),
      };
    }

    /** Resolves to whether a third one got it while the second one was at work. */
    async function cutAndRelease(kind: typeof ours): Promise<boolean> {
      const server = ensemble.servers[1]?.name ?? "";
      const first = kind("first", new URL(proxy.url).host);
      const [second, third] = [kind("second", server), kind("third", server)];
      await first.acquire();
      proxy.hold("requests");
      proxy.hold("replies");
      await second.acquire();
      proxy.breakClients();
      proxy.deliver("requests");
      proxy.deliver("replies");
      await eventually(() => first.release());
      return third.tryAcquire();
    }

    test("has two holders at a time twice over, with the naive recipe", async () => {
      expect(await cutAndRelease(naive)).toBe(true);
      const { verdict, violations } = checkHistory(history, { checks: ["C1"] });
      expect(verdict).toBe("violated");
      expect(violations.map(({ attempts }) => attempts)).toEqual([
        ["second.0", "first.0"],
        ["third.0", "second.0"],
      ]);
    });

    test("has none with this one, and its late release harms nobody", async () => {
      expect(await cutAndRelease(ours)).toBe(false);
      const { violations } = checkHistory(history);
      expect(violations).toEqual([]);
      expect(history.filter(({ type }) => type === "granted")).toHaveLength(2);
    });
  },
);
