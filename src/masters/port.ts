import { connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** Below the ports that systems give to outgoing connections, so that a restart finds it free. */
const firstPort = 10_240;
const lastPort = 32_000;

const patienceMs = 10_000;
const pauseMs = 20;

/** A port on 127.0.0.1 on which nobody listens. Somebody else may be faster: be ready to ask again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = firstPort + Math.floor(Math.random() * (lastPort - firstPort));
    if (await isFree(port)) return port;
  }
}

/** Resolves when a Redis server answers there. A server that is still loading does not. */
export async function answers(port: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await isAnswering(port))) {
    if (performance.now() > deadline) {
      throw new Error(`no Redis server answers on port ${port} after ${patienceMs} ms`);
    }
    await pause(pauseMs);
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

function isAnswering(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    const settle = (reply?: Buffer): void => {
      resolve(reply?.toString().startsWith("+PONG") === true);
      socket.destroy();
    };
    socket.setTimeout(patienceMs, settle);
    socket.once("data", settle);
    // The proxy in front of a container accepts, and hangs up, before the server is there.
    socket.once("close", () => settle());
    socket.once("error", () => settle());
  });
}
