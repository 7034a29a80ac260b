import type { Clock } from "../core/world.ts";
import { NotAsked } from "../quorum/lock-node.ts";
import type { Hearing, Link } from "./memory-node.ts";
import { MemoryServer } from "./memory-server.ts";

/** A server in this process that can be switched off and on. Its link delivers at once. */
export class Outlet {
  readonly #server: MemoryServer;
  readonly #onChange = new Set<() => void>();
  #isUp = true;

  constructor(clock: Pick<Clock, "now">) {
    this.#server = new MemoryServer(clock);
  }

  readonly link: Link = async (act) => {
    if (!this.#isUp) throw new NotAsked("disconnected", "not connected");
    return act(this.#server);
  };

  readonly hearing: Hearing = (channel, listener) => {
    // A moment later, as over any wire: the server is still at it.
    const hear = (id: string): void => void Promise.resolve(id).then(listener.onTold);
    const listen = (): void => this.#server.listen(channel, hear);
    const again = (): void => {
      if (this.#isUp) listen();
      listener.onChange();
    };
    if (this.#isUp) listen();
    this.#onChange.add(again);
    const isUp = (): boolean => this.#isUp;
    return {
      get isLive() {
        return isUp();
      },
      stop: () => {
        this.#onChange.delete(again);
        this.#server.listen(channel, undefined);
      },
    };
  };

  /** It crashes: until `start`, nobody reaches it. */
  stop(): void {
    this.#isUp = false;
    for (const tell of this.#onChange) tell();
  }

  /** It is there again, as a new process with the data of the old one: it has to wait until it votes. */
  start(): void {
    if (this.#isUp) return;
    this.#server.restart();
    this.#isUp = true;
    for (const tell of this.#onChange) tell();
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
