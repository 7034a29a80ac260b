import { ConfigurationError } from "../core/error.ts";
import { deferred, type Deferred } from "../core/deferred.ts";
import { setPatientTimer } from "../core/patient-timer.ts";
import type { Clock, Timer } from "../core/world.ts";
import { NodeError, type Answering } from "../quorum/lock-node.ts";
import type { Entry, NodeState, Terms } from "../quorum/entry.ts";
import type { Breaker } from "./breaker.ts";
import { parseInfo, type ServerRegister } from "./fitness.ts";
import type { IoredisConnection } from "./ioredis.ts";
import { nodeError, notAsked } from "./node-error.ts";
import type { ScriptCall } from "./script-call.ts";
import { silentMsFor, StallWatch, stallMs } from "./stall-watch.ts";
import { Standing } from "./standing.ts";
import { Wire } from "./wire.ts";

export interface ConnectionOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly register: ServerRegister;
  readonly terms: Terms;
  /** For how long a round waits for nodes at most. */
  readonly roundTimeoutMs?: number | undefined;
  /** Whether it is asked while it leaves calls unanswered. */
  readonly breaker?: Breaker | undefined;
  /** Where the server keeps its entry into the quorum. */
  readonly key: Buffer;
}

/**
 * One connection to one server, for scripts. Commands are sent at once or rejected at once, never
 * queued for later and never sent again. All calls of a node pass through `run`.
 */
export class Connection {
  readonly #name: string;
  readonly #client: IoredisConnection;
  readonly #wire: Wire;
  readonly #standing: Standing;
  readonly #clock: Clock;
  readonly #register: ServerRegister;
  /** Settles with the first contact: looked at, or out of reach. */
  readonly #contact: Deferred<void> = deferred();
  #hasBegun = false;
  #isFit = false;
  #isClosed = false;
  /** Looking at the server, which is done again after every reconnection. */
  #looking: Promise<void> | undefined;
  /** Why it is not fit, as far as is known. */
  #problem: NodeError | ConfigurationError = new NodeError("disconnected", "not connected yet");
  /** ioredis goes on with the wrong database when `SELECT` fails; we do not. */
  #handshakeProblem: NodeError | undefined;
  #handshakeTimer: Timer | undefined;

  constructor(client: IoredisConnection, options: ConnectionOptions) {
    const { name, clock, register, roundTimeoutMs = 0, breaker, ...rest } = options;
    this.#name = name;
    this.#client = client;
    this.#clock = clock;
    this.#register = register;
    const silentMs = silentMsFor(roundTimeoutMs);
    const onStall = (): void => this.#reconnect("no answer");
    const times = { silentMs, stallMs, onStall };
    this.#wire = new Wire(client, new StallWatch(clock, times, breaker));
    this.#standing = new Standing({ wire: this.#wire, ...rest });
    client.on("connect", () => this.#onConnect());
    client.on("ready", () => this.#onReady());
    client.on("close", () => this.#onClose());
    client.on("error", (error: Error) => this.#onTrouble(nodeError(error)));
  }

  /** Calls back when the server has to be opened again, to vote. */
  whenChanged(listener: () => void): void {
    this.#standing.onChange = listener;
  }

  /**
   * Makes contact; `undefined` when that cannot be done.
   *
   * @throws {ConfigurationError} when the server must not vote.
   */
  async open(): Promise<NodeState | undefined> {
    this.#begin();
    await this.#contact.promise;
    // What was wrong may have been put right since, be it since it was asked last.
    if (!this.#isFit) await this.#looking;
    if (!this.#isFit && this.#client.status === "ready") await this.#look();
    if (this.#isFit) return this.#standing.look().catch(orUndefined);
    if (this.#problem instanceof ConfigurationError) throw this.#problem;
    return undefined;
  }

  /** @throws {NodeError} */
  async enter(entry: Entry, known: NodeState): Promise<NodeState> {
    try {
      return await this.#standing.enter(entry, known);
    } catch (error) {
      // It is looked at again when it is asked to vote, and then says what is wrong.
      this.#isFit = false;
      throw error;
    }
  }

  /** @throws {NodeError} */
  run<T>(call: ScriptCall<T>): Answering<T> {
    if (this.#isFit && this.#standing.knows(call)) return this.#standing.run(call);
    return this.#runLate(call);
  }

  async #runLate<T>(call: ScriptCall<T>): Promise<T> {
    await this.#becomeFit();
    return await this.#standing.runLate(call);
  }

  close(): void {
    this.#isClosed = true;
    this.#isFit = false;
    this.#problem = new NodeError("closed", "the connection was closed");
    this.#handshakeTimer?.cancel();
    this.#client.disconnect();
    this.#contact.resolve();
  }

  #begin(): void {
    if (this.#hasBegun || this.#isClosed) return;
    this.#hasBegun = true;
    // What went wrong has come as an event, in better words.
    this.#client.connect().catch(() => this.#contact.resolve());
  }

  async #becomeFit(): Promise<void> {
    this.#begin();
    if (this.#client.status === "ready") await this.#look();
    if (this.#isFit) return;
    throw notAsked(this.#problem);
  }

  /** Asks the server who it is. Several who ask at the same time share one answer. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    try {
      if (this.#handshakeProblem !== undefined) throw this.#handshakeProblem;
      const info = parseInfo(await this.#wire.info());
      this.#register.enter(this.#name, info);
      const { majorVersion, is64Bit } = info;
      this.#standing.kind = { asksWho: majorVersion < 7, is64Bit };
      await this.#standing.look();
      this.#isFit = this.#client.status === "ready";
      if (this.#isFit && this.#standing.entry === undefined) this.#standing.onChange();
    } catch (error) {
      this.#problem = error instanceof ConfigurationError ? error : nodeError(error);
    }
    this.#contact.resolve();
  }

  /** A server that accepts a connection but does not answer would hold it for ever. */
  #onConnect(): void {
    this.#handshakeProblem = undefined;
    const giveUp = (): void => {
      if (this.#client.status === "connect") this.#reconnect("no answer to the greeting");
    };
    this.#handshakeTimer = setPatientTimer(this.#clock, stallMs, giveUp, false);
  }

  #onReady(): void {
    this.#handshakeTimer?.cancel();
    // ioredis 5 says so of one that was lost during the greeting, too, and then makes no other.
    if (this.#client.stream?.writable === false) this.#client.status = "reconnecting";
    else void this.#look();
  }

  #reconnect(why: string): void {
    if (this.#isClosed) return;
    this.#onTrouble(new NodeError("disconnected", `connection given up: ${why} for ${stallMs} ms`));
    this.#client.disconnect(true);
  }

  #onClose(): void {
    if (this.#isFit) this.#problem = new NodeError("disconnected", "the connection was lost");
    this.#isFit = false;
    this.#standing.forget();
    this.#contact.resolve();
  }

  #onTrouble(problem: NodeError): void {
    if (this.#isClosed) return;
    if (this.#client.status === "connect") this.#handshakeProblem = problem;
    this.#isFit = false;
    this.#problem = problem;
    this.#contact.resolve();
  }
}

function orUndefined(error: unknown): undefined {
  if (error instanceof ConfigurationError) throw error;
}
