import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Direction } from "../schedule/step.ts";
import { Pipe, type Weather } from "./pipe.ts";
import { reset } from "./reset.ts";

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly requests: Pipe;
  readonly replies: Pipe;
  readonly holding: Set<Direction>;
}

/**
 * A TCP proxy that does what networks do: it holds bytes back and delivers them later, in their order, or
 * breaks the connection. It never loses bytes in the middle of a connection, for TCP does not either.
 */
export class Proxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  /** For connections that are made from now on. */
  readonly #holding = new Set<Direction>();
  readonly #weather: Weather = {
    delayMs: 0,
    jitterMs: 0,
    bytesPerSecond: Infinity,
    closeMs: 0,
  };
  #targetPort: number;
  #isRefusing = false;
  /** Bytes that clients sent, for those who wait until something has been sent. */
  requestBytes = 0;

  private constructor(targetUrl: string) {
    this.#targetPort = portOf(targetUrl);
    this.#server = createServer((client) => this.#accept(client));
  }

  /** @param host where it listens. */
  static async to(url: string, host = "127.0.0.1"): Promise<Proxy> {
    const proxy = new Proxy(url);
    proxy.#server.listen(0, host);
    await once(proxy.#server, "listening");
    return proxy;
  }

  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `redis://${address}:${port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on, what goes in that direction is kept back. */
  hold(direction: Direction): void {
    this.#holding.add(direction);
    for (const { holding } of this.#pairs) holding.add(direction);
  }

  /** Connections that are made from now on are not concerned: what they say overtakes what is kept back. */
  letNewOnesThrough(direction: Direction): void {
    this.#holding.delete(direction);
  }

  /** Delivers what was kept back, in its order, also on connections whose other end is gone. */
  deliver(direction: Direction): void {
    this.#holding.delete(direction);
    for (const pair of this.#pairs) {
      pair.holding.delete(direction);
      pair[direction].flow();
    }
  }

  /** How many pieces are kept back. */
  get heldCount(): number {
    return [...this.#pairs].reduce(
      (sum, { requests, replies }) => sum + requests.length + replies.length,
      0,
    );
  }

  /** Everything takes so long, and up to so much longer, drawn anew for each piece. */
  delay(ms: number, jitterMs = 0): void {
    this.#weather.delayMs = ms;
    this.#weather.jitterMs = jitterMs;
  }

  /** No more than so much goes through, in each direction of each connection. */
  narrow(bytesPerSecond: number): void {
    this.#weather.bytesPerSecond = bytesPerSecond;
  }

  /** The end of a connection is passed on so much later. */
  closeSlowly(ms: number): void {
    this.#weather.closeMs = ms;
  }

  refuse(isRefusing: boolean): void {
    this.#isRefusing = isRefusing;
  }

  /** Breaks the clients' ends. The server's ends stay, as behind a router that lost its state. */
  breakClients(): void {
    for (const { client } of this.#pairs) reset(client);
  }

  /** From now on this server is behind the address; connections to the former one break. */
  point(url: string): void {
    this.#targetPort = portOf(url);
    for (const { client, server } of this.#pairs) {
      reset(client);
      server.destroy();
    }
  }

  async close(): Promise<void> {
    this.#isRefusing = true;
    for (const { client, server, requests, replies } of this.#pairs) {
      requests.stop();
      replies.stop();
      client.destroy();
      server.destroy();
    }
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(client: Socket): void {
    client.on("error", () => {});
    if (this.#isRefusing) {
      reset(client);
      return;
    }
    const server = connect(this.#targetPort, "127.0.0.1");
    server.on("error", () => {});
    const holding = new Set(this.#holding);
    const weather = this.#weather;
    const requests = new Pipe(server, { isHeld: () => holding.has("requests"), weather });
    const replies = new Pipe(client, { isHeld: () => holding.has("replies"), weather });
    const pair = { client, server, requests, replies, holding };
    this.#pairs.add(pair);
    for (const socket of [client, server]) socket.setNoDelay(true);
    client.on("data", (bytes) => {
      this.requestBytes += bytes.length;
      requests.push(bytes);
    });
    client.on("end", () => requests.end());
    server.on("data", (bytes) => replies.push(bytes));
    server.on("close", () => {
      this.#pairs.delete(pair);
      replies.end();
    });
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
