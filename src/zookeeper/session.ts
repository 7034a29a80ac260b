import type { ConfigurationError } from "../core/error.ts";
import type { UnknownVote } from "../core/vote.ts";
import type { Timer, World } from "../core/world.ts";
import type { Server } from "./address.ts";
import { Channel } from "./channel.ts";
import type { Credentials } from "./frame.ts";
import { isOver, newIdentity, type Identity } from "./identity.ts";
import type { Request } from "./request.ts";
import { refusesConfiguration, sessionTooShort, UnreachableError } from "./session-problem.ts";
import { WaitingRoom } from "./waiting-room.ts";
import { DisconnectedError } from "./zookeeper-error.ts";

/** The longest pause after all servers were tried in vain, in milliseconds. */
const longestPauseMs = 200;

const closing: Request<void> = { type: -11, write: () => {}, read: () => {} };

export interface SessionOptions {
  readonly world: World;
  readonly servers: readonly Server[];
  readonly timeoutMs: number;
  readonly auth: readonly Credentials[];
  /** A watched znode was deleted. */
  readonly onNotice: (path: string) => void;
  /** The connection was made, or lost: notices may have been missed. */
  readonly onChange: () => void;
}

/**
 * A session with the ensemble, over one connection after the other. It is opened with the first
 * use; when a server is lost it goes on with another one, and when it is over, a new one begins.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #servers: readonly Server[];
  readonly #problems = new Map<Server, string>();
  readonly #waiting: WaitingRoom;
  #identity: Identity;
  #channel: Channel | undefined;
  #isConnected = false;
  #isClosed = false;
  #number = 1;
  #turn: number;
  #retry: Timer | undefined;
  /** What only a human can mend. */
  #problem: ConfigurationError | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#servers = options.servers;
    this.#waiting = new WaitingRoom(options.world.clock);
    this.#identity = newIdentity(options.timeoutMs);
    // Not all clients to the same server.
    this.#turn = Math.floor(options.world.random.next() * options.servers.length);
  }

  /** Which session it is: what belongs to an earlier one is gone from the ensemble. */
  get number(): number {
    return this.#number;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** The server that answers, or that is tried next. */
  get serverName(): string {
    return (this.#channel?.server ?? this.#server).name;
  }

  /** What is wrong with each server, as far as it is known. */
  faults(): UnknownVote[] {
    return this.#servers.map((server) => {
      const message = this.#problems.get(server) ?? "not reached in time";
      return { node: server.name, vote: "unknown", reason: "disconnected", message };
    });
  }

  /**
   * Sends once, now. Rejects with a `DisconnectedError` when that cannot be, or when the answer is
   * lost.
   */
  send<T>(request: Request<T>): Promise<T> {
    const channel = this.#channel;
    if (!this.#isConnected || channel === undefined) {
      return Promise.reject(new DisconnectedError("not connected"));
    }
    return channel.send(request);
  }

  /**
   * Does the work while connected, and does it again when the connection was lost on the way: it
   * has to be made for that.
   *
   * @throws {UnreachableError} when there was no connection until the time was over.
   */
  async run<T>(patienceMs: number, work: () => Promise<T>): Promise<T> {
    const { clock } = this.#options.world;
    const deadline = clock.now() + patienceMs;
    for (;;) {
      await this.#connected(deadline);
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof DisconnectedError)) throw error;
        if (clock.now() >= deadline) throw new UnreachableError(error.message);
      }
    }
  }

  /** Ends the session, and with it all that it has created. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    // It is answered, or the connection ends.
    await this.send(closing).catch(() => {});
    this.#isClosed = true;
    this.#retry?.cancel();
    this.#waiting.dismiss(new UnreachableError("the backend was closed"));
    await this.#channel?.close();
  }

  get #server(): Server {
    return this.#servers[this.#turn % this.#servers.length] as Server;
  }

  #connected(deadline: number): Promise<void> {
    if (this.#isConnected) return Promise.resolve();
    if (this.#isClosed) return Promise.reject(new UnreachableError("the backend was closed"));
    if (this.#problem !== undefined) return Promise.reject(this.#takeProblem());
    if (this.#channel === undefined && this.#retry === undefined) this.#connect();
    return this.#waiting.enter(deadline);
  }

  #connect(): void {
    this.#retry = undefined;
    const server = this.#server;
    const channel = new Channel(server, {
      clock: this.#options.world.clock,
      identity: this.#identity,
      auth: this.#options.auth,
      onOpen: () => this.#onOpen(),
      onNotice: this.#options.onNotice,
      onEnd: (error) => this.#onEnd(server, error),
    });
    this.#channel = channel;
  }

  #onOpen(): void {
    const { askedMs, timeoutMs } = this.#identity;
    if (timeoutMs < askedMs) {
      this.#problem = sessionTooShort(askedMs, timeoutMs);
      this.#beginAnew();
      void this.#channel?.close();
      return;
    }
    this.#problem = undefined;
    this.#isConnected = true;
    this.#problems.clear();
    this.#waiting.admit();
    this.#options.onChange();
  }

  #onEnd(server: Server, error: Error): void {
    const wasConnected = this.#isConnected;
    this.#isConnected = false;
    this.#channel = undefined;
    this.#problems.set(server, error.message);
    if (this.#isClosed) return;
    this.#problem ??= refusesConfiguration(error);
    if (isOver(this.#identity)) this.#beginAnew();
    else this.#turn++;
    if (this.#problem === undefined) this.#connectLater(wasConnected);
    else if (!this.#waiting.isEmpty) this.#waiting.dismiss(this.#takeProblem());
    if (wasConnected) this.#options.onChange();
  }

  /** What the session before had created is removed by the ensemble, if it has not been yet. */
  #beginAnew(): void {
    this.#number++;
    this.#identity = newIdentity(this.#identity.askedMs, this.#identity.lastSeen);
  }

  /** At once while there are servers that were not tried since. */
  #connectLater(isFirst: boolean): void {
    const { clock, random } = this.#options.world;
    const hasTriedAll = !isFirst && this.#problems.size === this.#servers.length;
    const pauseMs = hasTriedAll ? random.next() * longestPauseMs : 0;
    this.#retry = clock.setTimer(pauseMs, () => this.#connect(), false);
  }

  /** Told once: with the next call it may have been put right. */
  #takeProblem(): Error {
    const problem = this.#problem ?? new UnreachableError("no server answered");
    this.#problem = undefined;
    return problem;
  }
}
