import { excerpt, type Grant, type Ranked } from "./account.ts";
import type { Counted, Facts } from "./facts.ts";
import type { Violation } from "./violation.ts";
import { ms, whose } from "./wording.ts";

/** C3. */
export function* properBirth({ grants, votes }: Facts): Generator<() => Violation> {
  for (const grant of grants) {
    const { at, validUntil, startedAt, votes, quorum } = grant.granted.event;
    if (at >= validUntil) {
      yield () => stillborn(grant, `when its validity was over since ${ms(validUntil)}`);
    } else if (at < startedAt) {
      yield () => stillborn(grant, `before its round began, at ${ms(startedAt)}`);
    }
    // The counts come from the library as they are: whatever does not compare is not enough.
    if (!(votes >= quorum)) {
      yield () => stillborn(grant, `with ${votes} votes, where ${quorum} are needed`);
    }
  }
  for (const vote of votes) {
    const { startedAt } = vote.grant.granted.event;
    if (vote.event.isQuarantined) yield () => badVote(vote, "still in quarantine");
    if (vote.event.at < startedAt) {
      yield () => badVote(vote, `before its round began, at ${ms(startedAt)}`);
    }
  }
}

function stillborn(grant: Grant, how: string): Violation {
  const { at, attempt } = grant.granted.event;
  const what = `${whose(grant)} was handed out at ${ms(at)}`;
  return born(`${what}, ${how}`, at, attempt, [grant.invoke, grant.granted]);
}

function badVote(vote: Counted, how: string): Violation {
  const { grant, event } = vote;
  const { node, resource, fencingToken, at, attempt } = event;
  const what = `${node} voted at ${ms(at)} for ${whose(grant)} (${resource}, token ${fencingToken})`;
  const proof = [grant.invoke, grant.granted, vote];
  return { ...born(`${what}, ${how}`, at, attempt, proof), resource };
}

function born(message: string, at: number, attempt: string, proof: readonly Ranked[]): Violation {
  return { check: "C3", message, at, attempts: [attempt], events: excerpt(...proof) };
}
