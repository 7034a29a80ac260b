/**
 * Goal: what has to be right before an ensemble is asked: names, order, addresses, options, tokens, bytes.
 * Method: by examples where the edges are, by properties elsewhere.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigurationError } from "../../src/index.ts";
import { zookeeperBackend } from "../../src/zookeeper.ts";
import { parseConnectionString } from "../../src/zookeeper/address.ts";
import { fencingTokenOf } from "../../src/zookeeper/fencing-token.ts";
import { requestFrame } from "../../src/zookeeper/frame.ts";
import { FrameSplitter } from "../../src/zookeeper/frame-splitter.ts";
import { decodeRecord } from "../../src/zookeeper/holder-record.ts";
import { JuteReader, JuteWriter } from "../../src/zookeeper/jute.ts";
import { checkAll } from "../../src/zookeeper/request.ts";
import { holders, inOrder, standing } from "../../src/zookeeper/waiting-line.ts";
import { parsePlace, placePrefix, znodeName, type Place } from "../../src/zookeeper/znode-name.ts";

const anyText = fc.string({ unit: "binary", maxLength: 300 });

describe("the name of a resource's znode", () => {
  test("is one that ZooKeeper takes, whatever the resource", () => {
    fc.assert(
      fc.property(anyText, (resource) => {
        expect(znodeName(resource)).toMatch(/^[A-Za-z0-9_%~-]{1,200}$/);
      }),
    );
  });

  test("is another one for another resource", () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(znodeName(a) === znodeName(b)).toBe(a === b);
      }),
    );
  });

  test.for([
    ["invoice-42", "invoice-42"],
    ["invoice:42", "invoice%3A42"],
    ["a/b", "a%2Fb"],
    ["..", "%2E%2E"],
    ["ä", "%C3%A4"],
    ["\ud800", "%uD800"],
  ])("of %j is %s", ([resource = "", name]) => {
    expect(znodeName(resource)).toBe(name);
  });

  test("of long resources that begin alike differs", () => {
    const long = "x".repeat(1_000);
    expect(znodeName(`${long}1`)).not.toBe(znodeName(`${long}2`));
    expect(znodeName("")).not.toBe("");
  });
});

describe("a place in the queue", () => {
  const owners = fc.stringMatching(/^[A-Za-z0-9_-]{22}\.[0-9a-z]{1,8}$/);
  const modes = fc.constantFrom("exclusive" as const, "shared" as const);
  const sequences = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

  /** As `String.format("%010d")` of the server writes it. */
  function numbered(sequence: number): string {
    return sequence < 0
      ? `-${String(-sequence).padStart(9, "0")}`
      : String(sequence).padStart(10, "0");
  }

  test("is read as it was written, also after the sequence has run over", () => {
    fc.assert(
      fc.property(owners, modes, sequences, (owner, mode, sequence) => {
        const name = placePrefix(mode, owner) + numbered(sequence);
        expect(parsePlace(name)).toEqual({ name, owner, mode, sequence });
      }),
    );
  });

  test.for(["x-1", "lock-0000000001", "_c_guid-lock-0000000001", "x--0000000001", ""])(
    "is not taken for one: %j",
    (name) => {
      expect(parsePlace(name)).toBe(undefined);
    },
  );

  const place = (sequence: number, mode: Place["mode"] = "exclusive"): Place => ({
    name: String(sequence),
    owner: String(sequence),
    mode,
    sequence,
  });

  test("comes before one that was made later, over the end of the numbers", () => {
    const last = 2 ** 31 - 1;
    const line = [place(-(2 ** 31)), place(last), place(-(2 ** 31) + 1), place(last - 1)];
    expect(inOrder(line).map(({ sequence }) => sequence)).toEqual([
      last - 1,
      last,
      -(2 ** 31),
      -(2 ** 31) + 1,
    ]);
  });

  test("of somebody exclusive waits for the one before it, whoever that is", () => {
    const [a, b, c] = [place(1, "shared"), place(2), place(3)];
    expect(standing([c, a, b], c)).toEqual({
      isFirst: false,
      holder: a,
      predecessor: b,
      isBehindWriter: false,
    });
    expect(standing([c, b, a], a)).toEqual({ isFirst: true });
  });

  test("of somebody shared waits for the last writer before it, not for other readers", () => {
    const [a, b, c, d] = [place(1, "shared"), place(2), place(3), place(4, "shared")];
    expect(standing([a, b, c, d], d)).toEqual({
      isFirst: false,
      holder: b,
      predecessor: c,
      isBehindWriter: true,
    });
    expect(standing([a, d], d)).toEqual({ isFirst: true });
  });

  test("at the front holds: the first one, or all who are shared up to a writer", () => {
    const [a, b, c, d] = [place(1, "shared"), place(2, "shared"), place(3), place(4, "shared")];
    expect(holders([d, c, b, a])).toEqual([a, b]);
    expect(holders([d, c])).toEqual([c]);
    expect(holders([b, a])).toEqual([a, b]);
    expect(holders([])).toEqual([]);
  });

  test("at most one exclusive holder, and none beside shared ones, in any line", () => {
    const lines = fc.uniqueArray(fc.tuple(fc.nat(50), modes), { selector: ([number]) => number });
    fc.assert(
      fc.property(lines, (line) => {
        const places = line.map(([number, mode]) => place(number, mode));
        const first = places.filter((each) => standing(places, each).isFirst);
        expect(inOrder(first)).toEqual(holders(places));
        if (first.some(({ mode }) => mode === "exclusive")) expect(first).toHaveLength(1);
      }),
    );
  });
});

describe("a connection string", () => {
  test("is servers, and a chroot if there is one", () => {
    const names = (text: string): string[] =>
      parseConnectionString(text).servers.map(({ name }) => name);
    expect(names("a:1,b, [::1]:3")).toEqual(["a:1", "b:2181", "[::1]:3"]);
    expect(parseConnectionString("a:1/x/y")).toMatchObject({ chroot: "/x/y" });
    expect(parseConnectionString("a:1/")).toMatchObject({ chroot: "" });
  });

  test.for([
    "",
    "a:0",
    "a:70000",
    "a:b",
    "a,,b",
    "a:1/x/",
    "a:1//x",
    "a:1/..",
    "a:1,a:1",
    "zk://a",
  ])("is refused: %j", (text) => {
    expect(() => zookeeperBackend(text)).toThrow(RangeError);
  });

  test("is a string", () => {
    const given = ["a:1"] as unknown as string;
    expect(() => zookeeperBackend(given)).toThrow(/servers: expected a connection string/);
    expect(() => zookeeperBackend(given)).toThrow(TypeError);
  });
});

describe("an option", () => {
  test.for<[object, ErrorConstructor, RegExp]>([
    [{ timeout: 5 }, TypeError, /there is no option "timeout"/],
    [{ sessionTimeoutMs: "5s" }, TypeError, /sessionTimeoutMs: expected a whole number/],
    [{ sessionTimeoutMs: 99 }, RangeError, /sessionTimeoutMs: expected .* from 100/],
    [{ requestTimeoutMs: 0 }, RangeError, /requestTimeoutMs: expected .* from 1 to 60000/],
    [{ path: "locks" }, RangeError, /path: expected a path/],
    [{ path: "/a\u0000b" }, RangeError, /path: expected a path/],
    [{ path: 5 }, TypeError, /path: expected a path/],
    [{ acl: "world" }, TypeError, /acl: expected an array/],
    [{ acl: [{ scheme: "world", id: "anyone" }] }, TypeError, /acl: permissions: expected a str/],
    [{ acl: [{ scheme: "world", id: "anyone", permissions: "x" }] }, RangeError, /"cdrwa"/],
    [{ auth: [{ scheme: "digest" }] }, TypeError, /auth: auth: expected a string/],
    [{ auth: [null] }, TypeError, /options of auth: expected an object/],
  ])("that is wrong is named: %j", ([options, kind, message]) => {
    expect(() => zookeeperBackend("a:1", options)).toThrow(message);
    expect(() => zookeeperBackend("a:1", options)).toThrow(kind);
  });

  test("for a longer session allows longer ttls: two thirds of it", () => {
    expect(zookeeperBackend("a:1").ttlRange).toEqual({ least: 10, most: 10_000 });
    const patient = zookeeperBackend("a:1", { sessionTimeoutMs: 30_000 });
    expect(patient.ttlRange.most).toBe(20_000);
  });
});

describe("a fencing token", () => {
  test("is the number of the transaction, as long as that is a safe integer", () => {
    expect(fencingTokenOf(0x100000002n)).toBe(4_294_967_298);
    expect(fencingTokenOf((1n << 53n) - 1n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => fencingTokenOf(1n << 53n)).toThrow(ConfigurationError);
    expect(() => fencingTokenOf(1n << 53n)).toThrow(/epoch 2097152/);
  });
});

describe("the bytes", () => {
  test("are read as they were written", () => {
    const written = fc.tuple(fc.maxSafeInteger(), fc.boolean(), fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(written, fc.array(fc.integer()), ([long, bool, text], list) => {
        const writer = new JuteWriter().long(BigInt(long)).bool(bool).string(text);
        writer.vector(
          list.map((value) => value | 0),
          (value) => writer.int(value),
        );
        const reader = new JuteReader(writer.frame().subarray(4));
        expect(reader.long()).toBe(BigInt(long));
        expect(reader.bool()).toBe(bool);
        expect(reader.string()).toBe(text);
        expect(reader.vector(() => reader.int())).toEqual(list.map((value) => value | 0));
        expect(() => reader.int()).toThrow(RangeError);
      }),
    );
  });

  test("are cut into frames, however they arrive", () => {
    const texts = fc.array(fc.string(), { maxLength: 5 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 20 }), (all, size) => {
        const bytes = Buffer.concat(all.map((text) => new JuteWriter().string(text).frame()));
        const splitter = new FrameSplitter();
        const frames: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) {
          frames.push(...splitter.split(bytes.subarray(at, at + size)));
        }
        expect(frames.map((frame) => new JuteReader(frame).string())).toEqual(all);
      }),
    );
    expect(() => new FrameSplitter().split(Buffer.from("HTTP/1.1 400"))).toThrow(RangeError);
  });

  test("are not sent when a server would hang up on so many", () => {
    const paths = Array.from(
      { length: 40_000 },
      (_, index) => `/quorumlock/some/path/${index}-long`,
    );
    expect(() => requestFrame(1, checkAll(paths))).toThrow(ConfigurationError);
    expect(() => requestFrame(1, checkAll(paths))).toThrow(/jute\.maxbuffer/);
  });

  test("of a record that somebody else wrote are no reason to fail", () => {
    for (const text of ["", "null", "5", "{", '{"owner":5}']) {
      expect(decodeRecord(Buffer.from(text))).toMatchObject({ clientId: "unknown" });
    }
  });
});
