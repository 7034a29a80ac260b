import type { Clock } from "../core/world.ts";
import { NodeError } from "../quorum/lock-node.ts";
import type { Link } from "./memory-node.ts";
import { MemoryServer } from "./memory-server.ts";

/** A server in this process that can be switched off and on. Its link delivers at once. */
export class Outlet {
  readonly #server: MemoryServer;
  #isUp = true;

  constructor(clock: Pick<Clock, "now">) {
    this.#server = new MemoryServer(clock);
  }

  readonly link: Link = async (act) => {
    if (!this.#isUp) throw new NodeError("disconnected", "not connected");
    return act(this.#server);
  };

  /** It crashes: until `start`, nobody reaches it. */
  stop(): void {
    this.#isUp = false;
  }

  /** It is there again, as a new process with the data of the old one: it has to wait until it votes. */
  start(): void {
    if (!this.#isUp) this.#server.restart();
    this.#isUp = true;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** It loses all that it knew, as a server without persistence does in a restart. */
  forget(): void {
    this.#server.forget();
  }

  /** For how many resources it keeps a record. */
  get size(): number {
    return this.#server.size;
  }
}
