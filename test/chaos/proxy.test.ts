/**
 * Goal: the proxies do what networks do, and nothing that TCP cannot.
 * Method: a server that echoes, behind a proxy.
 */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Proxy } from "../../src/chaos/network/proxy.ts";
import { eventually } from "../fixture/eventually.ts";
import { node } from "../fixture/program.ts";

interface Echo {
  readonly proxy: Proxy;
  readonly client: Socket;
  /** What has come back so far. */
  readonly heard: () => string;
}

async function server(answer: (text: string) => string): Promise<string> {
  const listening = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => socket.write(answer(bytes.toString())));
  });
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  onTestFinished(() => void listening.close());
  return `redis://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

async function echo(): Promise<Echo> {
  const proxy = await Proxy.to(await server((text) => text));
  const client = connect(Number(new URL(proxy.url).port), "127.0.0.1");
  client.on("error", () => {});
  onTestFinished(async () => {
    client.destroy();
    await proxy.close();
  });
  let text = "";
  client.on("data", (bytes) => (text += bytes.toString()));
  await once(client, "connect");
  return { proxy, client, heard: () => text };
}

async function send(client: Socket, ...pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    client.write(piece);
    await new Promise((resolve) => void setImmediate(resolve));
  }
}

/** However it is closed. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once("close", () => resolve()));
}

const letters = Array.from("abcdefghijklmnopqrstuvwxyz");

test("jitter keeps the order of what is sent", async () => {
  const { proxy, client, heard } = await echo();
  proxy.delay(1, 20);
  await send(client, ...letters);
  await eventually(() => expect(heard()).toBe(letters.join("")));
});

test("what is held back comes later, all of it, in its order", async () => {
  const { proxy, client, heard } = await echo();
  proxy.hold("requests");
  await send(client, ...letters);
  await eventually(() => expect(proxy.requestBytes).toBe(letters.length));
  expect(heard()).toBe("");
  proxy.deliver("requests");
  await eventually(() => expect(heard()).toBe(letters.join("")));
});

test("a narrow way takes its time", async () => {
  const { proxy, client, heard } = await echo();
  proxy.narrow(10_000);
  await send(client, "x".repeat(1_000));
  await eventually(() => expect(proxy.requestBytes).toBe(1_000));
  // A tenth of a second there and another one back.
  expect(proxy.heldCount).toBe(1);
  expect(heard()).toBe("");
  await eventually(() => expect(heard()).toHaveLength(1_000));
});

test("a connection that is cut breaks, and no other one gets through until it is mended", async () => {
  const { proxy, client } = await echo();
  const broken = closed(client);
  proxy.refuse(true);
  proxy.breakClients();
  await broken;
  const port = Number(new URL(proxy.url).port);
  const other = connect(port, "127.0.0.1");
  other.on("error", () => {});
  await closed(other);
  proxy.refuse(false);
  const third = connect(port, "127.0.0.1");
  third.write("hello");
  expect(String(await once(third, "data"))).toBe("hello");
  third.destroy();
});

test("another server behind the address breaks what was connected to the former one", async () => {
  const { proxy, client } = await echo();
  const broken = closed(client);
  await send(client, "a");
  proxy.point(await server((text) => text.toUpperCase()));
  await broken;
  const next = connect(Number(new URL(proxy.url).port), "127.0.0.1");
  next.write("hello");
  expect(String(await once(next, "data"))).toBe("HELLO");
  next.destroy();
});

test("a connection that breaks while it is being ended keeps no process from its end", async () => {
  const script = `
    const { createServer, connect } = await import("node:net");
    const { reset } = await import("./dist/chaos/network/reset.js");
    const server = createServer((socket) => {
      socket.end("the last words");
      reset(socket);
      server.close();
    });
    server.listen(0, "127.0.0.1", () => {
      connect(server.address().port, "127.0.0.1").on("error", () => {}).resume();
    });
  `;
  const { ended } = node(["--input-type=module", "--eval", script]);
  expect(await ended).toEqual({ code: 0, signal: null });
});
