import { connect, type Socket } from "node:net";
import { deferred, type Deferred } from "../core/deferred.ts";
import { setPatientTimer } from "../core/patient-timer.ts";
import type { Clock, Timer } from "../core/world.ts";
import type { Server } from "./address.ts";
import {
  credentialsFrame,
  frameNumber,
  pingFrame,
  requestFrame,
  type Credentials,
} from "./frame.ts";
import { FrameSplitter } from "./frame-splitter.ts";
import { greetingFrame, isOver, readGreeting, type Identity } from "./identity.ts";
import { JuteReader } from "./jute.ts";
import type { Request } from "./request.ts";
import { contactMs, silenceMs } from "./session-time.ts";
import { DisconnectedError, errorCode, ZooKeeperError } from "./zookeeper-error.ts";

export interface ChannelOptions {
  readonly clock: Clock;
  readonly identity: Identity;
  readonly auth: readonly Credentials[];
  /** The server has greeted: the session goes on here. Not called when the session is over. */
  readonly onOpen: () => void;
  /** A watched znode was deleted. */
  readonly onNotice: (path: string) => void;
  readonly onEnd: (error: Error) => void;
}

interface Sent {
  readonly number: number;
  readonly sentAt: number;
  readonly settle: (error: Error | undefined, reader: JuteReader) => void;
}

/**
 * One connection to one server. What is asked is sent at once, and answered in the order in which
 * it was asked. A server that is silent for too long is left, and with it everything that it was
 * asked: nothing is sent again.
 */
export class Channel {
  readonly server: Server;
  readonly #options: ChannelOptions;
  readonly #socket: Socket;
  readonly #splitter = new FrameSplitter();
  readonly #sent: Sent[] = [];
  readonly #ended: Deferred<void> = deferred();
  #isOpen = false;
  #hasEnded = false;
  #count = 0;
  /** When the last one that was answered had been sent. */
  #heardUntil: number;
  #timer: Timer;

  constructor(server: Server, options: ChannelOptions) {
    this.server = server;
    this.#options = options;
    this.#heardUntil = options.clock.now();
    this.#socket = connect({ host: server.host, port: server.port, noDelay: true });
    this.#socket.on("connect", () => this.#greet());
    this.#socket.on("data", (chunk: Buffer) => this.#onData(chunk));
    this.#socket.on("error", (error: Error) => this.#end(error));
    this.#socket.on("close", () => this.#end(new DisconnectedError("the server hung up")));
    const giveUp = (): void => this.#end(new DisconnectedError("no answer to the greeting"));
    this.#timer = setPatientTimer(options.clock, this.#silenceMs, giveUp, false);
  }

  /**
   * Rejects with a `DisconnectedError` when it is over before the answer, else with a
   * `ZooKeeperError`.
   */
  send<T>(request: Request<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const now = this.#options.clock.now();
      this.#endIfSilent(now);
      if (!this.#isOpen) throw new DisconnectedError("not connected");
      const number = (this.#count = (this.#count + 1) & 0x7fffffff);
      this.#socket.write(requestFrame(number, request));
      const settle = (error: Error | undefined, reader: JuteReader): void => {
        if (error !== undefined) return reject(error);
        try {
          resolve(request.read(reader));
        } catch (refusal) {
          reject(refusal);
        }
      };
      this.#sent.push({ number, sentAt: now, settle });
    });
  }

  /** Breaks it off. Resolves when nothing of it is left. */
  close(): Promise<void> {
    this.#end(new DisconnectedError("the connection was closed"));
    return this.#ended.promise;
  }

  get #silenceMs(): number {
    return silenceMs(this.#options.identity.timeoutMs);
  }

  #greet(): void {
    this.#heardUntil = this.#options.clock.now();
    this.#socket.write(greetingFrame(this.#options.identity));
  }

  #onData(chunk: Buffer): void {
    try {
      for (const frame of this.#splitter.split(chunk)) {
        if (this.#hasEnded) return;
        if (this.#isOpen) this.#onFrame(new JuteReader(frame));
        else this.#onGreeting(new JuteReader(frame));
      }
    } catch (error) {
      // It does not speak this protocol, or an answer was cut.
      this.#end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #onGreeting(reader: JuteReader): void {
    const { identity, auth } = this.#options;
    readGreeting(reader, identity);
    if (isOver(identity)) {
      this.#end(new DisconnectedError("the session is over"));
      return;
    }
    this.#isOpen = true;
    this.#timer.cancel();
    for (const credentials of auth) this.#socket.write(credentialsFrame(credentials));
    this.#stayInContact();
    this.#options.onOpen();
  }

  #onFrame(reader: JuteReader): void {
    const [number, zxid, code] = [reader.int(), reader.long(), reader.int()];
    if (number === frameNumber.notice) {
      reader.int(); // What happened, and the state of the session.
      reader.int();
      this.#options.onNotice(reader.string());
      return;
    }
    const { identity } = this.#options;
    if (zxid > identity.lastSeen) identity.lastSeen = zxid;
    if (number === frameNumber.credentials) {
      if (code !== 0) this.#end(new ZooKeeperError(code));
      return;
    }
    const isPing = (each: number): boolean => each === frameNumber.ping;
    const index = this.#sent.findIndex((each) => isPing(each.number) === isPing(number));
    const [sent] = this.#sent.splice(index, 1);
    if (sent?.number !== number) throw new DisconnectedError("an answer out of order");
    this.#heardUntil = Math.max(this.#heardUntil, sent.sentAt);
    if (code === 0) sent.settle(undefined, reader);
    else if (code === errorCode.sessionExpired || code === errorCode.sessionMoved) {
      // The next greeting tells what has become of the session.
      this.#sent.unshift(sent);
      this.#end(new DisconnectedError("the session is not here any more"));
    } else sent.settle(new ZooKeeperError(code), reader);
  }

  /** Asks for a sign of life, again and again. */
  #stayInContact(): void {
    const { clock, identity } = this.#options;
    const now = clock.now();
    this.#endIfSilent(now);
    if (!this.#isOpen) return;
    this.#socket.write(pingFrame());
    this.#sent.push({ number: frameNumber.ping, sentAt: now, settle: () => {} });
    const afterMs = contactMs(identity.timeoutMs);
    this.#timer = setPatientTimer(clock, afterMs, () => this.#stayInContact(), false);
  }

  /**
   * Whoever was silent: a server that hangs, or this process, that slept or was blocked. A new
   * connection is something that the leader itself hears of.
   */
  #endIfSilent(now: number): void {
    if (now - this.#heardUntil <= this.#silenceMs) return;
    this.#end(new DisconnectedError(`no answer for ${Math.round(this.#silenceMs)} ms`));
  }

  #end(error: Error): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#isOpen = false;
    this.#timer.cancel();
    if (this.#socket.closed) this.#ended.resolve();
    else this.#socket.once("close", () => this.#ended.resolve());
    this.#socket.destroy();
    const lost = error instanceof DisconnectedError ? error : new DisconnectedError(error.message);
    for (const { settle } of this.#sent.splice(0)) settle(lost, new JuteReader(Buffer.alloc(0)));
    this.#options.onEnd(error);
  }
}
