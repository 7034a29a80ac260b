import type { ConfigurationError } from "../core/error.ts";
import { NodeError, NotAsked } from "../quorum/lock-node.ts";

/** Redis 6 wraps the error of a command in a script: `… -OOM command not allowed …`. */
const wrapped = /^ERR Error running script .*? -?(?=[A-Z]{2,} )/;
const serverWord = /^([A-Z][A-Z_]+) /;

/** The server's own word (`READONLY`, `OOM`, `NOAUTH` …), or what became of the connection. */
export function nodeError(error: unknown): NodeError {
  if (error instanceof NodeError) return error;
  if (!(error instanceof Error)) return new NodeError("error", String(error));
  const message = error.message.replace(wrapped, "");
  const word = serverWord.exec(message)?.[1];
  if (error.name === "ReplyError") return new NodeError(word ?? "error", message);
  return new NodeError("disconnected", connectionTrouble(error));
}

const notAskedBecause = new WeakMap<NodeError | ConfigurationError, NotAsked>();

/** For whoever is not asked, because of this. One for all: its stack takes as long as a fifth of a vote. */
export function notAsked(cause: NodeError | ConfigurationError): NotAsked {
  let error = notAskedBecause.get(cause);
  if (error === undefined) {
    const reason = cause instanceof NodeError ? cause.reason : "unfit";
    error = new NotAsked(reason, cause.message, { cause });
    notAskedBecause.set(cause, error);
  }
  return error;
}

function connectionTrouble(error: Error): string {
  // ioredis rejects with this what was in flight when the connection broke.
  if (error.name === "MaxRetriesPerRequestError")
    return "the connection was lost while it was asked";
  if (error.message.startsWith("Stream isn't writeable")) return "not connected";
  return `not connected (${error.message})`;
}
