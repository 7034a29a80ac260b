import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A longer way to a server: an address behind which everything arrives later, in its order. */
export class Delay implements AsyncDisposable {
  readonly #server: Server;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  /** How much later what is asked arrives, and how much later what is answered, in milliseconds. */
  requestsMs = 0;
  answersMs = 0;

  private constructor(url: string) {
    this.#port = Number(new URL(url).port);
    this.#server = createServer((client) => this.#accept(client));
  }

  static async before(url: string): Promise<Delay> {
    const delay = new Delay(url);
    delay.#server.listen(0, "127.0.0.1");
    await once(delay.#server, "listening");
    return delay;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    return Promise.resolve();
  }

  #accept(client: Socket): void {
    const server = connect(this.#port, "127.0.0.1");
    this.#pass(client, server, () => this.requestsMs);
    this.#pass(server, client, () => this.answersMs);
  }

  #pass(from: Socket, to: Socket, delayMs: () => number): void {
    this.#sockets.add(from.setNoDelay(true));
    from.on("error", () => {});
    from.on("close", () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    // Timers of one length fire in the order in which they were set.
    from.on("data", (bytes) => {
      const ms = delayMs();
      if (ms === 0) to.write(bytes);
      else setTimeout(() => to.destroyed || to.write(bytes), ms);
    });
  }
}

/** A longer way to each of these. */
export class Delays implements AsyncDisposable {
  readonly all: readonly Delay[];

  private constructor(all: readonly Delay[]) {
    this.all = all;
  }

  static async before(urls: readonly string[]): Promise<Delays> {
    return new Delays(await Promise.all(urls.map((url) => Delay.before(url))));
  }

  get urls(): string[] {
    return this.all.map(({ url }) => url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.all.map((delay) => delay[Symbol.asyncDispose]()));
  }
}
