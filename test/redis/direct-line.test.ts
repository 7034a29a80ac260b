/**
 * Goal: on the short way through ioredis every command gets its own reply, whatever the replies are, however
 * they are cut into chunks, and whoever else sends over the same connection.
 * Method: both versions of ioredis, with their own queue and decoder, over a stream that is not a socket.
 */
import { Duplex } from "node:stream";
import fc from "fast-check";
import { Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis5";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { DirectLine } from "../../src/redis/direct-line.ts";
import { EncodedCommand } from "../../src/redis/encoded-command.ts";
import type { IoredisConnection } from "../../src/redis/ioredis.ts";
import { safeOptions } from "../../src/redis/safe-options.ts";

/** What a server says, and what it means. */
interface Reply {
  readonly bytes: string;
  readonly outcome: unknown;
}

/** ioredis 6 rounds those that come right behind it. */
const highest = Number.MAX_SAFE_INTEGER - 100;
const numbers = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: 10 ** 15, max: highest }),
  fc.integer({ min: -highest, max: 0 }),
);
const replies: fc.Arbitrary<Reply> = fc.oneof(
  { arbitrary: numbers.map(numberReply), weight: 4 },
  fc.string({ maxLength: 6 }).map((text) => ({
    bytes: `$${Buffer.byteLength(text)}\r\n${text}\r\n`,
    outcome: text,
  })),
  fc.constantFrom({ bytes: "$-1\r\n", outcome: null }, { bytes: "+OK\r\n", outcome: "OK" }),
  fc.constant({ bytes: "-ERR no\r\n", outcome: "ReplyError: ERR no" }),
  fc.constant({ bytes: "*3\r\n:1\r\n$4\r\n:2\r\n\r\n*1\r\n:3\r\n", outcome: [1, ":2\r\n", [3]] }),
);

function numberReply(outcome: number): Reply {
  return { bytes: `:${outcome}\r\n`, outcome };
}

/** Reports what becomes of it. */
class Reporting extends EncodedCommand {
  readonly #told: (outcome: unknown) => void;

  constructor(told: (outcome: unknown) => void) {
    super();
    this.#told = told;
  }

  override toWritable(): string {
    return "*1\r\n$4\r\nOURS\r\n";
  }

  override resolve(reply: unknown): void {
    this.#told(plain(reply));
  }

  override reject(error: Error): void {
    this.#told(plain(error));
  }
}

function plain(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(plain);
  if (reply instanceof Error) return String(reply);
  return Buffer.isBuffer(reply) ? reply.toString() : reply;
}

const ioredis6 = (options: object): Redis => new Redis(options);
const ioredis5 = (options: object): Redis => new Redis5(options) as unknown as Redis;

/** A client that is connected to us: what it sends is of no interest, what it hears comes from here. */
async function connected(newClient: (options: object) => Redis) {
  const written: string[] = [];
  let isGreeting = true;
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      const text = chunk.toString();
      written.push(text);
      const commandCount = text.match(/^\*\d/gm)?.length ?? 0;
      if (isGreeting) stream.push("+OK\r\n".repeat(commandCount));
      done();
    },
  });
  Object.assign(stream, { setNoDelay() {}, setKeepAlive() {}, setTimeout() {} });
  class Connector {
    connect(): Promise<Duplex> {
      return Promise.resolve(stream);
    }
    disconnect(): void {
      stream.destroy();
    }
    check(): boolean {
      return true;
    }
  }
  const random = { next: () => 0.5, id: () => "" };
  const client = newClient({ ...safeOptions(random), Connector });
  client.on("error", () => {});
  await client.connect();
  // What else belongs to a greeting is under way.
  await client.ping();
  isGreeting = false;
  onTestFinished(() => client.disconnect());
  const connection = client as unknown as IoredisConnection;
  return { client, connection, stream, written, line: new DirectLine(connection) };
}

/** Sends; what becomes of the command is noted, or thrown at ioredis. */
const sendTo = (line: DirectLine, outcomes: unknown[], isThrowing = false): boolean =>
  line.send(
    new Reporting((outcome) => {
      if (isThrowing) throw new Error("in the listener");
      outcomes.push(outcome);
    }),
  );

describe.each([
  ["6", ioredis6],
  ["5", ioredis5],
])("over ioredis %s", (_, newClient) => {
  test("every command gets its own reply", async () => {
    const step = fc.record({ reply: replies, isOurs: fc.boolean(), heard: fc.nat({ max: 12 }) });
    const { client, stream, written, line } = await connected(newClient);
    const property = fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      fc.integer({ min: 1, max: 9 }),
      async (steps, chunkSize) => {
        written.length = 0;
        const outcomes: unknown[][] = steps.map(() => []);
        const theirs: Promise<void>[] = [];
        let unheard = "";
        const hear = (count: number): void => {
          if (count > 0 && unheard !== "") stream.push(unheard.slice(0, count));
          unheard = unheard.slice(count);
        };
        for (const [index, { reply, isOurs, heard }] of steps.entries()) {
          const told = (outcome: unknown): void => void outcomes[index]?.push(plain(outcome));
          if (isOurs) expect(line.send(new Reporting(told))).toBe(true);
          else theirs.push(client.callBuffer("THEIRS").then(told, told));
          unheard += reply.bytes;
          hear(heard);
        }
        while (unheard !== "") hear(chunkSize);
        await Promise.all(theirs);
        expect(outcomes).toEqual(steps.map(({ reply }) => [reply.outcome]));
        const senders = written.join("").match(/OURS|THEIRS/g) ?? [];
        expect(senders).toEqual(steps.map(({ isOurs }) => (isOurs ? "OURS" : "THEIRS")));
      },
    );
    await fc.assert(property, { numRuns: 1_000 });
  });

  test("it reads numbers without the decoder, and goes on where that stopped", async () => {
    const { connection, stream, line } = await connected(newClient);
    const [decode] = stream.listeners("data") as ((chunk: Buffer) => void)[];
    const decoded: string[] = [];
    stream.removeAllListeners("data").on("data", (chunk: Buffer) => {
      decoded.push(chunk.toString());
      decode?.call(stream, chunk);
    });
    const outcomes: unknown[] = [];
    const send = (): boolean => line.send(new Reporting((outcome) => outcomes.push(outcome)));
    expect([send(), send(), send()]).toEqual([true, true, true]);
    stream.push(":1\r\n:-2\r\n$1\r\nx");
    stream.push("\r\n");
    expect(outcomes).toEqual([1, -2, "x"]);
    expect(decoded).toEqual(["$1\r\nx", "\r\n"]);
    expect(connection.commandQueue?.length).toBe(0);
  });

  test("where somebody else reads the stream, it leaves that as it is", async () => {
    const { stream, line } = await connected(newClient);
    const heard: string[] = [];
    stream.on("data", (chunk: Buffer) => heard.push(chunk.toString()));
    const listeners = stream.listeners("data");
    const outcomes: unknown[] = [];
    expect(line.send(new Reporting((outcome) => outcomes.push(outcome)))).toBe(true);
    stream.push(":7\r\n");
    expect([outcomes, heard, stream.listeners("data")]).toEqual([[7], [":7\r\n"], listeners]);
  });

  test("a listener that throws takes no reply from those behind it", async () => {
    const { stream, line } = await connected(newClient);
    const outcomes: unknown[] = [];
    sendTo(line, outcomes, true);
    sendTo(line, outcomes);
    const queueMicrotask = vi.spyOn(globalThis, "queueMicrotask").mockReturnValue();
    stream.push(":1\r\n:2\r\n");
    const later = queueMicrotask.mock.calls.map(([act]) => act);
    queueMicrotask.mockRestore();
    expect(outcomes).toEqual([2]);
    expect(later).toHaveLength(1);
    expect(later[0]).toThrow("in the listener");
  });

  test("nor does one that throws at the decoder, which then stops in between", async () => {
    const { stream, line } = await connected(newClient);
    const outcomes: unknown[] = [];
    for (const isThrowing of [true, false, false]) sendTo(line, outcomes, isThrowing);
    // ioredis 6 throws it where nobody can catch it, 5 throws it at once.
    const nextTick = vi.spyOn(process, "nextTick").mockReturnValue();
    const hear = (text: string): void => {
      try {
        stream.emit("data", Buffer.from(text));
      } catch (error) {
        expect(error).toMatchObject({ message: "in the listener" });
      }
    };
    hear("*1\r\n:1\r\n:2\r\n");
    hear(":3\r\n");
    nextTick.mockRestore();
    expect(outcomes).toEqual([2, 3]);
  });

  test("nothing is sent while there is no connection", async () => {
    const { client, stream, line } = await connected(newClient);
    const send = (): boolean => line.send(new Reporting(() => {}));
    expect(send()).toBe(true);
    stream.end();
    expect(send()).toBe(false);
    client.disconnect();
    expect(send()).toBe(false);
  });
});

/** Only ioredis 6 asks for it. */
test("what a server says by itself is no reply, however it is cut", async () => {
  const { stream, line } = await connected(ioredis6);
  const outcomes: unknown[] = [];
  sendTo(line, outcomes);
  stream.push(":1\r\n>2\r\n$6\r\nMOVING\r\n");
  sendTo(line, outcomes);
  stream.push(":7\r\n");
  stream.push(":2\r\n");
  expect(outcomes).toEqual([1, 2]);
});
