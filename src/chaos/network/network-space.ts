import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { Direction } from "../schedule/step.ts";

const run = promisify(execFile);

/** Does what it reads, inside, and ends when its input ends, which it does with our process. */
const keeperScript = `
while read -r line; do
  if said=$($line 2>&1); then echo done; else echo "failed $said" | tr '\\n' ' '; echo; fi
done
`;

/** For tests of networks (RFC 2544): nobody else's addresses. A wire takes four of them. */
const range = { first: [198, 18], wires: 32_768 } as const;

let count = 0;

/**
 * A network namespace for the processes of one client, and a wire from there to us. It has no name: with the
 * last process in it, it is gone, and the wire with it, whatever dies.
 */
export class NetworkSpace {
  /** Our end of the wire, where the client finds everything. */
  readonly host: string;
  /** A program is in there when it is started through this. */
  readonly command: readonly [string, ...string[]];
  readonly #keeper: Keeper;

  private constructor(host: string, keeper: Keeper) {
    this.host = host;
    this.command = ["nsenter", `--net=/proc/${keeper.pid}/ns/net`, "--"];
    this.#keeper = keeper;
  }

  /** @throws {Error} that says what this machine does not allow. */
  static async open(): Promise<NetworkSpace> {
    const keeper = new Keeper();
    try {
      await keeper.tell("ip link set lo up");
      const wire = `ql${process.pid}-${count++}`;
      await run("ip", ["link", "add", wire, "type", "veth", "peer", "wire", "netns", keeper.pid]);
      const index = Number(await readFile(`/sys/class/net/${wire}/ifindex`, "utf8"));
      const [host, client] = [1, 2].map((place) => address(index, place));
      await run("ip", ["address", "add", `${host}/30`, "dev", wire]);
      await run("ip", ["link", "set", wire, "up"]);
      await keeper.tell(`ip address add ${client}/30 dev wire`);
      await keeper.tell("ip link set wire up");
      return new NetworkSpace(host ?? "", keeper);
    } catch (error) {
      await keeper.close();
      throw error;
    }
  }

  /** From now on packets to this port of ours, or from it, are lost without a trace. */
  swallow(direction: Direction, port: number): Promise<void> {
    return this.#filter("-A", direction, port);
  }

  letThrough(direction: Direction, port: number): Promise<void> {
    return this.#filter("-D", direction, port);
  }

  /** For when the client is gone. */
  close(): Promise<void> {
    return this.#keeper.close();
  }

  #filter(change: "-A" | "-D", direction: Direction, port: number): Promise<void> {
    const packets = direction === "requests" ? "OUTPUT -p tcp --dport" : "INPUT -p tcp --sport";
    return this.#keeper.tell(`iptables -w ${change} ${packets} ${port} -j DROP`);
  }
}

/** The process that keeps a namespace: a shell in it. */
class Keeper {
  readonly #process: ChildProcess;
  readonly #gone: Promise<unknown>;
  readonly #answers: AsyncIterator<string>;
  #complaint = "";
  #last: Promise<unknown> = Promise.resolve();

  constructor() {
    const process = spawn("unshare", ["--net", "/bin/sh", "-c", keeperScript], {
      stdio: ["pipe", "pipe", "pipe"],
      // In a group of its own, so that Ctrl-C does not reach it.
      detached: true,
    });
    this.#process = process;
    this.#gone = once(process, "close").catch(() => {});
    process.stdin.on("error", () => {});
    process.stderr.setEncoding("utf8").on("data", (text: string) => (this.#complaint += text));
    this.#answers = createInterface(process.stdout)[Symbol.asyncIterator]();
  }

  get pid(): string {
    return String(this.#process.pid);
  }

  /** One after the other. */
  tell(command: string): Promise<void> {
    const told = this.#last.then(() => this.#do(command));
    this.#last = told.catch(() => {});
    return told;
  }

  async close(): Promise<void> {
    this.#process.stdin?.end();
    await this.#gone;
  }

  async #do(command: string): Promise<void> {
    this.#process.stdin?.write(`${command}\n`);
    const { value, done } = await this.#answers.next();
    if (done === true) {
      await this.#gone;
      throw new Error(`no network namespace: ${this.#complaint.trim() || "unshare is not there"}`);
    }
    if (value !== "done") throw new Error(`${command}: ${value.replace(/^failed /, "").trim()}`);
  }
}

function address(index: number, place: number): string {
  const [first, second] = range.first;
  const number = 4 * (index % range.wires) + place;
  return `${first}.${second + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
}
