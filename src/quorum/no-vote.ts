/** A server did not vote: it has another entry than the client believes, or has to wait. */
export class NoVote extends Error {
  /** Milliseconds until it votes; undefined when it has to be looked at first. */
  readonly votesInMs: number | undefined;

  constructor(votesInMs?: number) {
    super(votesInMs === undefined ? "has another entry" : `votes in ${votesInMs} ms`);
    this.votesInMs = votesInMs;
  }
}
