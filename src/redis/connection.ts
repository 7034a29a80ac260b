import { ConfigurationError } from "../core/error.ts";
import { deferred, type Deferred } from "../core/deferred.ts";
import type { Timer, World } from "../core/world.ts";
import { NodeError } from "../quorum/lock-node.ts";
import { parseInfo, type ServerRegister } from "./fitness.ts";
import type { IoredisConnection, ScriptArgument } from "./ioredis.ts";
import { nodeError } from "./node-error.ts";
import type { Script } from "./script.ts";

/** A connection on which nothing was answered for so long, though something was asked, is given up. */
const stallMs = 2_000;

/**
 * One connection to one server, for scripts. Commands are sent at once or rejected at once, never
 * queued for later and never sent again. All calls of a node pass through `run`.
 */
export class Connection {
  readonly #name: string;
  readonly #client: IoredisConnection;
  readonly #world: World;
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
  #inFlight = 0;
  #silentSince = 0;

  constructor(name: string, client: IoredisConnection, world: World, register: ServerRegister) {
    this.#name = name;
    this.#client = client;
    this.#world = world;
    this.#register = register;
    client.on("connect", () => this.#onConnect());
    client.on("ready", () => this.#onReady());
    client.on("close", () => this.#onClose());
    client.on("error", (error: Error) => this.#onTrouble(nodeError(error)));
  }

  /** The first contact. Rejects with a `ConfigurationError` when the server must not vote. */
  async open(): Promise<void> {
    this.#begin();
    await this.#contact.promise;
    if (this.#problem instanceof ConfigurationError && !this.#isFit) throw this.#problem;
  }

  /** @param isWanted asked before anything is sent, if that is not at once. */
  run(
    script: Script,
    keys: readonly (string | Buffer)[],
    args: readonly ScriptArgument[],
    isWanted: () => boolean,
  ): Promise<unknown> {
    if (this.#isFit) return this.#send(script, keys, args, isWanted);
    return this.#becomeFit().then(() => {
      if (!isWanted()) throw new NodeError("withdrawn", "was taken back before it was sent");
      return this.#send(script, keys, args, isWanted);
    });
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
    // What goes wrong comes as an event too.
    this.#client.connect().catch((error: Error) => this.#onTrouble(nodeError(error)));
  }

  async #becomeFit(): Promise<void> {
    this.#begin();
    if (this.#client.status === "ready") await this.#look();
    if (this.#isFit) return;
    const problem = this.#problem;
    throw problem instanceof NodeError ? problem : new NodeError("unfit", problem.message);
  }

  /** Asks the server who it is. Several who ask at the same time share one answer. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    try {
      if (this.#handshakeProblem !== undefined) throw this.#handshakeProblem;
      const info = await this.#watched(() => this.#client.info());
      this.#register.enter(this.#name, parseInfo(info));
      this.#isFit = this.#client.status === "ready";
    } catch (error) {
      this.#problem = error instanceof ConfigurationError ? error : nodeError(error);
    }
    this.#contact.resolve();
  }

  #send(
    script: Script,
    keys: readonly (string | Buffer)[],
    args: readonly ScriptArgument[],
    isWanted: () => boolean,
  ): Promise<unknown> {
    return this.#watched(() =>
      this.#client.evalsha(script.sha, keys.length, ...keys, ...args),
    ).catch((error: Error) => {
      if (!error.message.startsWith("NOSCRIPT")) throw nodeError(error);
      if (!isWanted()) throw new NodeError("withdrawn", "was taken back before it was sent again");
      // A server that was restarted or flushed its scripts: it gets the text, and has it from now on.
      return this.#watched(() =>
        this.#client.eval(script.text, keys.length, ...keys, ...args),
      ).catch((again: Error) => {
        throw nodeError(again);
      });
    });
  }

  /** Sends, and gives the connection up when the server does not answer any more. */
  #watched<T>(send: () => Promise<T>): Promise<T> {
    const now = this.#world.clock.now();
    if (this.#inFlight === 0) this.#silentSince = now;
    else if (now - this.#silentSince > stallMs) this.#reconnect("no answer");
    this.#inFlight++;
    const answered = (): void => {
      this.#inFlight--;
      this.#silentSince = this.#world.clock.now();
    };
    const reply = send();
    reply.then(answered, answered);
    return reply;
  }

  /** A server that accepts a connection but does not answer would hold it for ever. */
  #onConnect(): void {
    this.#handshakeProblem = undefined;
    const giveUp = (): void => {
      if (this.#client.status === "connect") this.#reconnect("no answer to the greeting");
    };
    this.#handshakeTimer = this.#world.clock.setTimer(stallMs, giveUp, false);
  }

  #onReady(): void {
    this.#handshakeTimer?.cancel();
    void this.#look();
  }

  #reconnect(why: string): void {
    this.#onTrouble(new NodeError("disconnected", `connection given up: ${why} for ${stallMs} ms`));
    this.#client.disconnect(true);
  }

  #onClose(): void {
    if (this.#isFit) this.#problem = new NodeError("disconnected", "the connection was lost");
    this.#isFit = false;
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
