import { once } from "node:events";
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

async function isAnswering(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.write("PING\r\n");
    const [reply] = (await once(socket, "data")) as [Buffer];
    return reply.toString().startsWith("+PONG");
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
