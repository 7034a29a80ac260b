/**
 * Goal: the small parts of the Redis room, each on its own.
 * Method: examples, and properties where there are many cases.
 */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { NodeError } from "../../src/quorum/lock-node.ts";
import { nodeName } from "../../src/redis/address.ts";
import { Breaker, SpareNodes } from "../../src/redis/breaker.ts";
import { encoded, encodedCalls } from "../../src/redis/encoded-command.ts";
import { parseInfo } from "../../src/redis/fitness.ts";
import type { IoredisConnection } from "../../src/redis/ioredis.ts";
import { keyOf } from "../../src/redis/key.ts";
import { nodeError } from "../../src/redis/node-error.ts";
import { answerOf } from "../../src/redis/reply.ts";
import { scriptCall } from "../../src/redis/script-call.ts";
import type { Sent } from "../../src/redis/sent.ts";
import { StallWatch } from "../../src/redis/stall-watch.ts";
import { Wire } from "../../src/redis/wire.ts";
import { VirtualClock } from "../../src/testing.ts";

const anyString = fc.string({ unit: "binary" });
const brokenString = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 })
  .map((units) => String.fromCharCode(...units));

describe("keys", () => {
  test("of well-formed names are the prefix and the name", () => {
    fc.assert(
      fc.property(anyString, (name) => {
        expect(keyOf("p:", name)).toBe(`p:${name}`);
      }),
    );
  });

  test("of different names are different bytes, lone surrogates included", () => {
    const bytes = (name: string) => Buffer.from(keyOf("p:", name)).toString("hex");
    fc.assert(
      fc.property(brokenString, brokenString, (a, b) => {
        expect(bytes(a) === bytes(b)).toBe(a === b);
      }),
      { numRuns: 2_000 },
    );
    expect(bytes("\uD800")).not.toBe(bytes("\uFFFD"));
  });
});

describe("a command on the wire", () => {
  test("is what the protocol says, in bytes and not in characters", () => {
    expect(encoded(["é", 5])).toBe("$2\r\né\r\n$1\r\n5\r\n");
  });

  test("is the same whether one of its parts is a buffer or not", () => {
    fc.assert(
      fc.property(fc.array(anyString, { minLength: 1 }), (parts) => {
        const [first = "", ...rest] = parts;
        const asText = Buffer.from(encoded(parts));
        expect(encoded([Buffer.from(first), ...rest])).toEqual(asText);
      }),
    );
  });
});

describe("the name of a node", () => {
  test("says where it is and nothing of its credentials", () => {
    expect(nodeName({ host: "a", port: 7000, username: "u", password: "p" })).toBe("a:7000");
    expect(nodeName({ host: "a", db: 2 })).toBe("a:6379/2");
    expect(nodeName({})).toBe("localhost:6379");
    expect(nodeName({ path: "/run/redis.sock", db: 0 })).toBe("/run/redis.sock");
    expect(nodeName({ sentinels: [{}], name: "mymaster" })).toBe("localhost:26379:mymaster");
  });
});

describe("an error of a server", () => {
  const reply = (message: string) => Object.assign(new Error(message), { name: "ReplyError" });

  test("keeps its own word and its text", () => {
    expect(nodeError(reply("READONLY You can't write against a read only replica."))).toMatchObject(
      {
        reason: "READONLY",
        message: "READONLY You can't write against a read only replica.",
      },
    );
    expect(nodeError(reply("something else"))).toMatchObject({ reason: "error" });
  });

  test("is found in the wrapping of Redis 6", () => {
    const wrapped =
      "ERR Error running script (call to f_1): @user_script:12: @user_script: 12: -OOM command not allowed when used memory > 'maxmemory'.";
    expect(nodeError(reply(wrapped))).toMatchObject({ reason: "OOM" });
  });

  test("of the connection tells what became of it", () => {
    expect(nodeError(new Error("connect ECONNREFUSED 1.2.3.4:5"))).toMatchObject({
      reason: "disconnected",
      message: "not connected (connect ECONNREFUSED 1.2.3.4:5)",
    });
    expect(nodeError("odd")).toMatchObject({ reason: "error", message: "odd" });
    const own = new NodeError("closed", "closed");
    expect(nodeError(own)).toBe(own);
  });
});

test("INFO is read where it says something, and believed to be harmless where it does not", () => {
  expect(
    parseInfo("# Server\r\nrun_id:abc\r\nrole:slave\r\nmaxmemory_policy:allkeys-lru\r\n"),
  ).toEqual({
    runId: "abc",
    role: "slave",
    evictionPolicy: "allkeys-lru",
    majorVersion: 0,
    is64Bit: false,
  });
  expect(parseInfo("redis_version:7.0.15\r\narch_bits:64\r\n")).toEqual({
    runId: "",
    role: "master",
    evictionPolicy: "noeviction",
    majorVersion: 7,
    is64Bit: true,
  });
});

test("a reply that none of our scripts gives is an error, not a grant", () => {
  for (const odd of [null, "OK", 0, 2, {}]) expect(() => answerOf(odd, ["r"])).toThrow(NodeError);
});

describe("a server that was asked and does not answer", () => {
  const onStall = vi.fn<() => void>();
  const times = { silentMs: 500, stallMs: 2_000, onStall };

  test("is noticed, and only then", async () => {
    const clock = new VirtualClock();
    onStall.mockClear();
    const watch = new StallWatch(clock, times);
    watch.sent();
    watch.answered();
    await clock.advance(10_000);
    expect(clock.timerCount, "nothing is watched while nothing is in flight").toBe(0);
    watch.sent();
    for (let i = 0; i < 50; i++) {
      watch.sent();
      watch.answered();
      await clock.advance(300);
      expect(watch.isSilent, "slow is not hung").toBe(false);
    }
    expect(onStall).not.toHaveBeenCalled();
    await clock.advance(1_000);
    expect([watch.isSilent, onStall.mock.calls.length]).toEqual([true, 0]);
    await clock.advance(1_500);
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  test("is silent no more with its first answer", async () => {
    const clock = new VirtualClock();
    const watch = new StallWatch(clock, times);
    watch.sent(7);
    await clock.advance(499);
    expect(watch.isSilent).toBe(false);
    await clock.advance(1);
    expect([watch.isSilent, watch.inFlight]).toEqual([true, 7]);
    watch.answered(3);
    expect([watch.isSilent, watch.inFlight]).toEqual([false, 4]);
    await clock.advance(1_000);
    expect(watch.isSilent, "the others are watched anew, and longer").toBe(false);
    await clock.advance(500);
    expect(watch.isSilent).toBe(true);
  });

  test("that turned out to be slow is given more time, until it has been well for a while", async () => {
    const clock = new VirtualClock();
    const changes: string[] = [];
    const breaker = new Breaker(new SpareNodes(1), (isOpen, why) => {
      changes.push(`${isOpen ? "open" : "closed"} at ${clock.now()}: ${why}`);
    });
    const watch = new StallWatch(clock, times, breaker);
    /** It answers what it is asked after so long. */
    const slow = async (ms: number): Promise<void> => {
      watch.sent();
      await clock.advance(ms);
      watch.answered();
    };
    await slow(600);
    for (let i = 0; i < 5; i++) await slow(600);
    expect(changes).toEqual([
      "open at 500: has answered nothing for 500 ms",
      "closed at 600: answers again",
    ]);
    for (let i = 0; i < 60; i++) await slow(300);
    changes.length = 0;
    watch.sent();
    await clock.advance(1_000);
    expect(changes).toHaveLength(1);
  });

  test("is not what most of them are at once: those that no quorum can spare are asked on", async () => {
    const clock = new VirtualClock();
    const spare = new SpareNodes(2);
    const watches = Array.from(
      { length: 5 },
      () => new StallWatch(clock, { ...times, stallMs: 60_000 }, new Breaker(spare)),
    );
    const silent = (): boolean[] => watches.map(({ isSilent }) => isSilent);
    for (const watch of watches) watch.sent(2);
    await clock.advance(10_000);
    expect(silent()).toEqual([true, true, false, false, false]);
    watches[0]?.answered();
    await clock.advance(500);
    expect(silent(), "another one may be spared").toEqual([false, true, true, false, false]);
  });

  test("whose connection is gone has not answered", async () => {
    const clock = new VirtualClock();
    const changes: string[] = [];
    const breaker = new Breaker(new SpareNodes(1), (_, why) => void changes.push(why));
    const watch = new StallWatch(clock, times, breaker);
    watch.sent(3);
    await clock.advance(500);
    watch.lost(3);
    expect([watch.isSilent, watch.inFlight, changes[1]]).toEqual([
      false,
      0,
      "is connected to anew",
    ]);
  });

  test("is not sent any more calls, nor is one that has too many", async () => {
    const clock = new VirtualClock();
    const sendCommand = vi.fn<() => void>();
    const client = { sendCommand } as unknown as IoredisConnection;
    const wire = new Wire(client, new StallWatch(clock, times));
    const script = { text: "", sha: "", head: "" };
    const ask = async (): Promise<unknown> => {
      const call = scriptCall("acquire", { keys: [], own: [], shared: [] }, () => true, String);
      return await wire.run(call, { one: script, many: script }, () =>
        Promise.reject(new Error("no")),
      );
    };
    void ask();
    await clock.advance(500);
    await expect(ask()).rejects.toMatchObject({ reason: "overdue" });
    expect(sendCommand).toHaveBeenCalledTimes(1);
    const busy = new Wire(client, new StallWatch(clock, times));
    const full = Array.from({ length: 10_100 }, () =>
      busy.run(
        scriptCall("acquire", { keys: [], own: [], shared: [] }, () => true, String),
        { one: script, many: script },
        () => Promise.reject(new Error("no")),
      ),
    );
    const refused = await Promise.allSettled(full.slice(10_000));
    expect(refused.filter(({ status }) => status === "rejected")).toHaveLength(100);
  });
});

describe("a version of ioredis that does not take our encoded command", () => {
  test("gets its own one, once and for all", async () => {
    const evalsha = vi.fn<(...args: unknown[]) => Promise<unknown>>((sha) =>
      Promise.resolve(sha === "many" ? [1, 2, 3] : 4),
    );
    const sendCommand = vi.fn<() => void>(() => {
      throw new TypeError("command.newMethod is not a function");
    });
    const client = { evalsha, sendCommand } as unknown as IoredisConnection;
    const wire = new Wire(
      client,
      new StallWatch(new VirtualClock(), { silentMs: 500, stallMs: 2_000, onStall: () => {} }),
    );
    const script = (sha: string) => ({ text: "return 1", sha, head: "never sent" });
    const pair = { one: script("one"), many: script("many") };
    const recover = () => Promise.reject(new Error("nothing has to be recovered"));
    const ask = (key: string) => {
      const call = { keys: [key], own: ["value"], shared: [] };
      return wire.run(
        scriptCall(
          "acquire",
          call,
          () => true,
          (reply) => reply,
        ),
        pair,
        recover,
      );
    };
    expect(await Promise.all([ask("a"), ask("b"), ask("c")])).toEqual([1, 2, 3]);
    expect(evalsha.mock.calls).toEqual([
      ["many", 3, "a", "b", "c", 1, 1, 1, "value", 1, 1, 1, "value", 1, 1, 1, "value"],
    ]);
    expect(await ask("d")).toBe(4);
    expect(evalsha).toHaveBeenLastCalledWith("one", 1, "d", "value");
    expect(sendCommand.mock.calls.length).toBe(1);
  });
});

describe("what is asked in one go", () => {
  /** A server that answers each call of the batch with its key, and writes down what it got. */
  function server() {
    const got: string[] = [];
    const sendCommand = (sent: Sent): void => {
      got.push(`${sent.script.sha}: ${sent.sendings.map(({ call }) => call.keys[0]).join(" ")}`);
      const keys = sent.sendings.map(({ call }) => call.keys[0]);
      setImmediate(() => sent.resolve(keys.length > 1 ? keys : keys[0]));
    };
    const client = { sendCommand } as unknown as IoredisConnection;
    const wire = new Wire(
      client,
      new StallWatch(new VirtualClock(), { silentMs: 500, stallMs: 2_000, onStall: () => {} }),
    );
    const pairs = Object.fromEntries(
      ["acquire", "release"].map((name) => {
        const script = (sha: string) => ({ text: "", sha, head: "" });
        return [name, { one: script(name), many: script(`${name}s`) }];
      }),
    );
    const ask = (kind: "acquire" | "release", key: string, isWanted = () => true) => {
      const call = scriptCall(
        kind,
        { keys: [key], own: [], shared: [] },
        isWanted,
        (reply) => reply,
      );
      return wire.run(call, pairs[kind]!, () => Promise.reject(new Error("no")));
    };
    return { ask, got };
  }

  test("travels together, in its order", async () => {
    const { ask, got } = server();
    const answers = await Promise.all([
      ask("acquire", "a"),
      ask("acquire", "b"),
      ask("acquire", "c"),
      ask("release", "b"),
      ask("acquire", "d"),
      ask("acquire", "e"),
    ]);
    expect(answers).toEqual(["a", "b", "c", "b", "d", "e"]);
    expect(got).toEqual(["acquires: a b c", "release: b", "acquires: d e"]);
  });

  test("is sent in batches of 100 at most", async () => {
    const { ask, got } = server();
    await Promise.all(Array.from({ length: 251 }, (_, i) => ask("acquire", String(i))));
    expect(got.map((line) => line.split(" ").length - 1)).toEqual([100, 100, 51]);
  });

  test("is not sent if it was taken back meanwhile", async () => {
    const { ask, got } = server();
    const back = expect(ask("acquire", "x")).resolves.toBe("x");
    await expect(ask("acquire", "y", () => false)).rejects.toMatchObject({ reason: "withdrawn" });
    await back;
    expect(got).toEqual(["acquire: x"]);
  });

  test("is sent before the event loop looks at anything else, and so is what answers it", async () => {
    const { ask, got } = server();
    const isNext = new Promise((resolve) => void setImmediate(resolve));
    const chains = ["a", "b", "c"].map((key) => Promise.resolve().then(() => ask("acquire", key)));
    await isNext;
    expect(got).toEqual(["acquires: a b c"]);
    await Promise.all(chains.map((chain, index) => chain.then(() => ask("release", `${index}`))));
    expect(got).toEqual(["acquires: a b c", "releases: 0 1 2"]);
  });

  test("goes at once where calls have come one by one, until more come in one turn", async () => {
    const { ask, got } = server();
    await ask("acquire", "a");
    const second = ask("acquire", "b");
    expect(got).toEqual(["acquire: a", "acquire: b"]);
    await second;
    const several = ["c", "d", "e"].map((key) => ask("acquire", key));
    expect(got.slice(2)).toEqual(["acquire: c"]);
    await Promise.all(several);
    await Promise.all(["f", "g"].map((key) => ask("acquire", key)));
    expect(got.slice(2)).toEqual(["acquire: c", "acquires: d e", "acquires: f g"]);
  });

  test("is encoded once for all servers, whose scripts differ", () => {
    const calls = ["a", "b\u00fc"].map((key, index) =>
      scriptCall("acquire", { keys: [key], own: [index], shared: [7] }, () => true, String),
    );
    const to = (sha: string, some = calls): string =>
      encodedCalls({ text: "", sha, head: `<${sha}>` }, some).toString();
    const bulk = (...texts: string[]) => texts.map((text) => `$1\r\n${text}\r\n`).join("");
    const body = `${bulk("2", "a")}$3\r\nb\u00fc\r\n${bulk("1", "2", "2", "0", "7", "1")}`;
    const byteLength = vi.spyOn(Buffer, "byteLength");
    expect(to("one")).toBe(`*11\r\n<one>${body}`);
    byteLength.mockClear();
    expect(to("two")).toBe(`*11\r\n<two>${body}`);
    expect(byteLength).not.toHaveBeenCalled();
    expect(to("one", calls.slice(0, 1))).toBe(
      `*9\r\n<one>${bulk("1", "a", "1", "2", "1", "0", "7")}`,
    );
    byteLength.mockRestore();
  });

  test("is a group only as far as calls differ by their own values", () => {
    const call = (keys: string[], own: number, shared: number) =>
      scriptCall("acquire", { keys, own: [own], shared: [shared] }, () => true, String);
    const calls = [call(["a"], 1, 8), call(["b"], 2, 8), call(["c"], 3, 9), call(["d", "e"], 4, 9)];
    const text = encodedCalls({ text: "", sha: "", head: "" }, calls).toString();
    const words = text.split("\r\n").filter((_, index) => index % 2 === 0 && index > 0);
    expect(words.join(" ").trim()).toBe("5 a b c d e 1 2 2 1 8 2 1 2 1 3 9 2 2 1 4 9");
  });
});

describe("a call by its shortcut", () => {
  function server(...replies: readonly unknown[]) {
    const got: string[] = [];
    const queue = [...replies];
    const sendCommand = (sent: Sent): void => {
      got.push(String(sent.toWritable()).split("\r\n")[2] ?? "");
      const reply = queue.shift();
      setImmediate(() => (reply instanceof Error ? sent.reject(reply) : sent.resolve(reply)));
    };
    const client = { sendCommand } as unknown as IoredisConnection;
    const times = { silentMs: 500, stallMs: 2_000, onStall: () => {} };
    const watch = new StallWatch(new VirtualClock(), times);
    const script = { text: "", sha: "", head: "$7\r\nEVALSHA\r\n$0\r\n\r\n" };
    const shortcut = "*3\r\n$4\r\nHDEL\r\n$1\r\nk\r\n$1\r\nx\r\n";
    const whole = scriptCall(
      "release",
      { keys: ["k"], own: ["x"], shared: [] },
      () => true,
      String,
    );
    const wire = new Wire(client, watch);
    const ask = async (): Promise<unknown> =>
      await wire.run({ ...whole, shortcut }, { one: script, many: script }, () =>
        Promise.reject(new Error("no")),
      );
    return { ask, got, watch };
  }
  const wrongType = Object.assign(new Error("WRONGTYPE"), { name: "ReplyError" });

  test("is all that is sent when that does it", async () => {
    const { ask, got, watch } = server(1);
    expect(await ask()).toBe("1");
    expect([got, watch.inFlight]).toEqual([["HDEL"], 0]);
  });

  test.for([0, wrongType])("is followed by the script after %s", async (reply) => {
    const { ask, got, watch } = server(reply, 7);
    expect(await ask()).toBe("7");
    expect([got, watch.inFlight]).toEqual([["HDEL", "EVALSHA"], 0]);
  });

  test("is not sent again over another connection", async () => {
    const { ask, got, watch } = server(new Error("Connection is closed."));
    await expect(ask()).rejects.toMatchObject({ reason: "disconnected" });
    expect([got, watch.inFlight]).toEqual([["HDEL"], 0]);
  });
});
