import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { sentBesides } from "../client/sent.ts";
import type { System } from "../system.ts";
import { cannot, compareAndDelete, quorumOf } from "./measuring-stick.ts";

/**
 * The limit: the same as over ioredis, with the bytes written by hand and one write per master for all that
 * is asked in one turn of the event loop.
 */
export const rawSockets: System = {
  name: "raw sockets",
  version: process.version,
  cannot,
  async open(urls, { ttlMs }) {
    const links = await Promise.all(urls.map((url) => Link.to(url)));
    const load = encoded(["SCRIPT", "LOAD", compareAndDelete]);
    const shas = await Promise.all(
      links.map((link) => new Promise<string>((resolve) => link.send(load, resolve))),
    );
    const quorum = quorumOf(links.length);
    let count = 0;
    const fanOut = (command: string): Promise<void> =>
      new Promise((resolve) => {
        let answers = 0;
        const count = (): void => {
          if (++answers === quorum) resolve();
        };
        for (const link of links) link.send(command, count);
      });
    const ttl = String(ttlMs);
    return {
      async acquire(resource) {
        const value = `value-${process.pid}-${count++}`;
        await fanOut(encoded(["SET", resource, value, "PX", ttl, "NX"]));
        return () => fanOut(encoded(["EVALSHA", shas[0] ?? "", "1", resource, value]));
      },
      close: () => {
        for (const link of links) link.close();
        return Promise.resolve();
      },
    };
  },
};

/** All that is sent here is ASCII. */
function encoded(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`;
}

/** One connection. It knows the answers that are one line, or one bulk string. */
class Link {
  readonly #socket: Socket;
  #waiting: ((answer: string) => void)[] = [];
  #next = 0;
  #out = "";
  #in = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true).setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#read(chunk));
    // Who waits for an answer then waits for ever, as it would for a hung master.
    socket.on("error", () => {});
  }

  static async to(url: string): Promise<Link> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    return new Link(socket);
  }

  send(command: string, onAnswer: (answer: string) => void): void {
    this.#waiting.push(onAnswer);
    if (this.#out === "") queueMicrotask(() => this.#flush());
    this.#out += command;
    sentBesides();
  }

  close(): void {
    this.#socket.destroy();
  }

  #flush(): void {
    const bytes = this.#out;
    this.#out = "";
    if (!this.#socket.destroyed) this.#socket.write(bytes, "latin1");
  }

  #read(chunk: string): void {
    this.#in += chunk;
    let from = 0;
    for (;;) {
      let end = this.#in.indexOf("\r\n", from);
      if (end < 0) break;
      let answer = this.#in.slice(from, end);
      if (answer.startsWith("$") && answer !== "$-1") {
        const begin = end + 2;
        end = begin + Number(answer.slice(1));
        if (this.#in.length < end + 2) break;
        answer = this.#in.slice(begin, end);
      }
      from = end + 2;
      this.#tell(answer);
    }
    this.#in = this.#in.slice(from);
  }

  #tell(answer: string): void {
    this.#waiting[this.#next++]?.(answer);
    // Those that were told go in one piece, not one by one.
    if (this.#next < 1_024) return;
    this.#waiting = this.#waiting.slice(this.#next);
    this.#next = 0;
  }
}
