import { createHash } from "node:crypto";
import { ConfigurationError } from "../core/error.ts";
import {
  mayVote,
  mostAgeUs,
  waitingText,
  type Entry,
  type NodeState,
  type Terms,
} from "../quorum/entry.ts";
import { NodeError, NotAsked, type Answering } from "../quorum/lock-node.ts";
import type { ScriptArgument } from "./ioredis.ts";
import { argumentsOf, type ScriptCall } from "./script-call.ts";
import { entryScript } from "./script/entry.ts";
import type { ServerKind } from "./script/prelude.ts";
import { isVoting, plainScripts, votingScripts, type NodeScripts } from "./script/node-scripts.ts";
import type { ScriptKind } from "./script/node-scripts.ts";
import type { Script, ScriptPair } from "./script/script.ts";
import type { Recover } from "./sending.ts";
import type { Wire } from "./wire.ts";

export interface StandingOptions {
  readonly wire: Wire;
  readonly terms: Terms;
  /** Where the node keeps its entry. */
  readonly key: Buffer;
}

/** What one server is in the quorum, as far as we know, and the scripts that go with it. */
export class Standing {
  /** Told when the server has to be opened again, to vote. */
  onChange: () => void = () => {};
  /** What kind of server it is: the careful ways, until it is known. */
  kind: ServerKind = { asksWho: true, is64Bit: false };
  readonly #options: StandingOptions;
  readonly #plain: NodeScripts;
  #voting: NodeScripts = {};
  #entry: Entry | undefined;
  #looking: Promise<NodeState> | undefined;
  /** The entry as it stands on the server; empty: there is none. */
  #text = "";

  constructor(options: StandingOptions) {
    this.#options = options;
    this.#plain = plainScripts(options.terms);
  }

  /** By which it votes, as far as we know. */
  get entry(): Entry | undefined {
    return this.#entry;
  }

  /** Whether a call can be sent as it is. Those that vote cannot when the server must not. */
  knows({ kind }: ScriptCall<unknown>): boolean {
    return this.#scriptFor(kind) !== undefined;
  }

  /** @throws {NodeError} */
  run<T>(call: ScriptCall<T>): Answering<T> {
    return this.#send(call, this.#recover);
  }

  /** The same for one that could not be sent at once. */
  runLate<T>(call: ScriptCall<T>): Answering<T> {
    if (call.isWanted()) return this.#send(call, this.#recover);
    return Promise.reject(new NotAsked("withdrawn", "was taken back before it was sent"));
  }

  /** The connection is gone: what answers next may be another process. */
  forget(): void {
    this.#entry = undefined;
    this.#voting = {};
  }

  /** Asks the server. */
  look(): Promise<NodeState> {
    return this.#runEntry([1, this.#options.key]);
  }

  /** Writes the entry, if the server's is still the one that is known. */
  enter(entry: Entry, known: NodeState): Promise<NodeState> {
    const knownText = known.entry === undefined ? "" : this.#text;
    const text = JSON.stringify(entry);
    const { key } = this.#options;
    const keys = [markerOf(key, text), markerOf(key, knownText)];
    const age = [known.clockUs, mostAgeUs(entry.terms)];
    return this.#runEntry([3, key, ...keys, known.processId, knownText, text, ...age]);
  }

  async #runEntry(args: readonly ScriptArgument[]): Promise<NodeState> {
    const { wire, key, terms } = this.#options;
    const reply = await wire.runText(entryScript, args);
    if (!Array.isArray(reply)) throw new NodeError("error", "answered what our script does not");
    const [processId, clockUs, text] = reply.map(String);
    const known = this.#entry;
    const isAsKnown = text === this.#text && processId === known?.processId;
    this.#text = text ?? "";
    const state = {
      processId: processId ?? "",
      clockUs: Number(clockUs),
      entry: entryOf(this.#text, key),
    };
    // Whoever merely asks what time it is must not take the scripts from those who vote.
    if (isAsKnown) return state;
    this.forget();
    if (!mayVote(state, terms) || state.entry === undefined) return state;
    const marker = markerOf(key, this.#text);
    const voting = votingScripts({ entry: state.entry, marker, ...this.kind });
    // The process that has just answered is on the other end of this connection, and no other one is.
    await wire.load([...scriptsIn(voting), ...scriptsIn(this.#plain)]);
    this.#voting = voting;
    this.#entry = state.entry;
    return state;
  }

  #scriptFor(kind: ScriptKind): ScriptPair | undefined {
    return isVoting(kind) ? this.#voting[kind] : this.#plain[kind];
  }

  #send<T>(call: ScriptCall<T>, recover: Recover): Answering<T> {
    const script = this.#scriptFor(call.kind);
    if (script !== undefined) return this.#options.wire.run(call, script, recover);
    this.onChange();
    return Promise.reject(new NodeError("unfit", "has to be looked at before it votes"));
  }

  /** The server does not know the script, or did not vote. */
  readonly #recover: Recover = async (call, why, tried) => {
    if (why.votesInMs !== undefined) throw this.#waiting(why.votesInMs);
    // It was flushed, restarted or replaced; or told to forget its scripts, which harms nobody.
    if (isVoting(call.kind)) await this.#lookAgain(tried);
    if (!call.isWanted())
      throw new NodeError("withdrawn", "was taken back before it was sent again");
    const pair = this.#scriptFor(call.kind);
    if (isVoting(call.kind) || pair === undefined) return this.#send(call, this.#giveUp);
    return call.decode(await this.#options.wire.runText(pair.one, argumentsOf(call)));
  };

  /** Unless that was done since, or is being done. */
  async #lookAgain(tried: Script): Promise<void> {
    if (scriptsIn(this.#voting).includes(tried)) this.forget();
    if (this.#entry !== undefined) return;
    this.#looking ??= this.look().finally(() => (this.#looking = undefined));
    await this.#looking;
  }

  readonly #giveUp: Recover = (_, why) => {
    if (why.votesInMs !== undefined) return Promise.reject(this.#waiting(why.votesInMs));
    this.onChange();
    return Promise.reject(new NodeError("unfit", "changed while it was looked at"));
  };

  #waiting(votesInMs: number): NodeError {
    const text =
      this.#entry === undefined ? "does not vote yet" : waitingText(this.#entry, votesInMs);
    return new NodeError("quarantined", text);
  }
}

function scriptsIn(scripts: NodeScripts): Script[] {
  return Object.values(scripts).flatMap(({ one, many }) =>
    many === undefined ? one : [one, many],
  );
}

/** A key that is there as long as the entry is this one: cheaper to look for than to compare. */
function markerOf(key: Buffer, entryText: string): Buffer {
  const digest = createHash("sha1").update(entryText).digest("hex").slice(0, 16);
  return Buffer.concat([key, Buffer.from(` ${digest}`)]);
}

/** @throws {ConfigurationError} for what is not an entry. */
export function entryOf(text: string, key: Buffer): Entry | undefined {
  if (text === "") return undefined;
  try {
    const entry = JSON.parse(text) as Entry;
    if (typeof entry.terms.nodeCount === "number" && Array.isArray(entry.members)) return entry;
  } catch {
    // Whatever it is, it is not ours.
  }
  const name = JSON.stringify(key.toString("latin1"));
  throw new ConfigurationError(`under the key ${name} lies something that is not ours; delete it`);
}
