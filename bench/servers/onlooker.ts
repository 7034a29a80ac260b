import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** What a master says that it runs, by `MONITOR`: one line for each command, those of scripts too. */
export class Onlooker implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #lines: string[] = [];
  #rest = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      const lines = (this.#rest + chunk).split("\r\n");
      this.#rest = lines.pop() ?? "";
      this.#lines.push(...lines);
    });
    socket.on("error", () => {});
  }

  static async on(url: string): Promise<Onlooker> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    const onlooker = new Onlooker(socket);
    socket.write("MONITOR\r\n");
    await once(socket, "data");
    return onlooker;
  }

  /** Forgets what it has seen so far. */
  forget(): void {
    this.#lines.length = 0;
  }

  /** Resolves to the lines since, when no more come for a while. */
  async untilQuiet(): Promise<readonly string[]> {
    let count = -1;
    while (count !== this.#lines.length) {
      count = this.#lines.length;
      await pause(500);
    }
    return this.#lines;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    return Promise.resolve();
  }
}
