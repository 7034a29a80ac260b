import { DirectLine } from "./direct-line.ts";
import type { IoredisConnection, ScriptArgument } from "./ioredis.ts";
import { NodeError, NotAsked, type Answering } from "../quorum/lock-node.ts";
import { nodeError } from "./node-error.ts";
import type { ScriptCall } from "./script-call.ts";
import type { Script, ScriptPair } from "./script/script.ts";
import { Sending, type Recover } from "./sending.ts";
import type { EncodedCommand } from "./encoded-command.ts";
import { SentBatch, SentCall, SentShortcut, type Sender, type Sent } from "./sent.ts";
import type { StallWatch } from "./stall-watch.ts";
import { turnNumber, whenDone } from "./turn.ts";

/** A script runs for so many calls at most: about 300 us, in which the server does nothing else. */
const mostPerBatch = 100;

/** More calls are not left unanswered by a server. */
const mostInFlight = 10_000;

/** It is not asked; what it was asked before shows when it is back. */
const silent = overdue("has answered nothing for longer than a round takes");
const laden = overdue("has too much to answer already");

interface Gathered {
  readonly pair: ScriptPair;
  readonly sendings: Sending<unknown>[];
}

/**
 * Sends to one server. What is asked in one go, by the code that runs now and the promises that it
 * settles, travels together, in its order. All that a process sends to a node passes here.
 */
export class Wire implements Sender {
  readonly #client: IoredisConnection;
  readonly #line: DirectLine;
  readonly #watch: StallWatch;
  /** Whether this version of ioredis takes an encoded command; if not, its own way is as good. */
  #isEncoding = true;
  #gathered: Gathered[] = [];
  #gatheredCount = 0;
  /** Whether there was but one call in the last turn that had any. */
  #isCalm = false;
  /** The turn in which a call was sent at once. */
  #begunTurn = -1;

  constructor(client: IoredisConnection, watch: StallWatch) {
    this.#client = client;
    this.#line = new DirectLine(client);
    this.#watch = watch;
  }

  /** @throws {NodeError} */
  info(): Promise<string> {
    return this.#watched(this.#client.info());
  }

  /** Makes the server know scripts, without running them. */
  async load(scripts: readonly Script[]): Promise<void> {
    const loading = scripts.map(({ text }) => this.#watched(this.#client.script("LOAD", text)));
    await Promise.all(loading);
  }

  /** @throws {NodeError} */
  runText({ text }: Script, args: readonly ScriptArgument[]): Promise<unknown> {
    return this.#watched(this.#client.eval(text, ...args));
  }

  /** @throws {NodeError} */
  run<T>(call: ScriptCall<T>, pair: ScriptPair, recover: Recover): Answering<T> {
    if (this.#watch.isSilent) return Promise.reject(silent);
    if (this.#watch.inFlight + this.#gatheredCount >= mostInFlight) return Promise.reject(laden);
    const sending = new Sending(call, recover);
    this.#gather(pair, sending);
    return sending;
  }

  /** Where calls come one by one, the first one does not wait for others. */
  #gather(pair: ScriptPair, sending: Sending<unknown>): void {
    if (this.#isCalm && this.#begunTurn !== turnNumber()) {
      this.#begunTurn = turnNumber();
      this.#sendAlone(pair.one, sending);
      return;
    }
    if (this.#gatheredCount++ === 0) whenDone(this.#sendGathered);
    const last = this.#gathered.at(-1);
    const hasRoom = last !== undefined && last.sendings.length < mostPerBatch;
    if (hasRoom && last.pair === pair && pair.many !== undefined) last.sendings.push(sending);
    else this.#gathered.push({ pair, sendings: [sending] });
  }

  readonly #sendGathered = (): void => {
    const gathered = this.#gathered;
    this.#isCalm = !this.#isCalm && this.#gatheredCount === 1;
    this.#gathered = [];
    this.#gatheredCount = 0;
    for (const { pair, sendings } of gathered) this.#sendTogether(pair, sendings.filter(isWanted));
  };

  #sendTogether({ one, many }: ScriptPair, sendings: readonly Sending<unknown>[]): void {
    const [first, second] = sendings;
    if (many !== undefined && second !== undefined)
      this.#send(new SentBatch(many, sendings, this), sendings.length);
    else if (first !== undefined) this.#sendAlone(one, first);
  }

  #sendAlone(script: Script, sending: Sending<unknown>): void {
    const isShort = this.#isEncoding && sending.call.shortcut !== undefined;
    if (!isShort) return this.sendWhole(script, sending);
    this.#watch.sent();
    const isTaken = this.#isTaken(new SentShortcut(script, sending, this));
    if (!isTaken) this.#sendDecoded(new SentCall(script, sending, this));
  }

  sendWhole(script: Script, sending: Sending<unknown>): void {
    this.#send(new SentCall(script, sending, this), 1);
  }

  settled(count: number, isAnswer: boolean): void {
    if (isAnswer) this.#watch.answered(count);
    else this.#watch.lost(count);
  }

  #send(sent: Sent, count: number): void {
    this.#watch.sent(count);
    if (!this.#isEncoding || !this.#isTaken(sent)) this.#sendDecoded(sent);
  }

  /** Whether the client takes it as it is. */
  #isTaken(command: EncodedCommand): boolean {
    try {
      if (!this.#line.send(command)) this.#client.sendCommand(command);
    } catch {
      this.#isEncoding = false;
    }
    return this.#isEncoding;
  }

  #sendDecoded(sent: Sent): void {
    this.#client.evalsha(sent.script.sha, ...sent.arguments).then(
      (reply) => sent.resolve(reply),
      (error: Error) => sent.reject(error),
    );
  }

  async #watched<T>(reply: Promise<T>): Promise<T> {
    this.#watch.sent();
    try {
      const answer = await reply;
      this.#watch.answered();
      return answer;
    } catch (error) {
      const problem = nodeError(error);
      this.settled(1, problem.reason !== "disconnected");
      throw problem;
    }
  }
}

function overdue(why: string): NotAsked {
  return new NotAsked("overdue", `${why}, and is not asked until it does`);
}

/** What was taken back before it was sent is not sent. */
function isWanted(sending: Sending<unknown>): boolean {
  if (sending.call.isWanted()) return true;
  sending.fail(new NodeError("withdrawn", "was taken back before it was sent"));
  return false;
}
