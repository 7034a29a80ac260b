import type { Mode } from "../../index.ts";
import type { HistoryEvent } from "../../testing.ts";
import type { BeliefSpan, ClientLane, GrantSpan, SectionSpan } from "../lane.ts";
import type { Observed } from "./run.ts";
import { without } from "./without.ts";

interface Draft {
  readonly client: string;
  readonly attempt: string;
  readonly resources: readonly string[];
  readonly mode: Mode;
  from: number | undefined;
  validUntil: number;
  endedAt: number;
  ending: "released" | "lost" | undefined;
  fencingToken: number;
  readonly extensions: { at: number; validUntil: number }[];
  readonly believed: { from: number; until: number }[];
  isBelieving: boolean;
}

/** All that is drawn in the lanes of the clients. */
export function clientLanes(
  { journal, resource, until }: Observed,
  names: readonly string[],
): ClientLane[] {
  const drafts = [...draftsOf(journal.events).values()];
  const states = journal.clientStates.take(until);
  return names.map((name) => {
    const own = drafts.filter(({ client }) => client === name);
    return {
      name,
      requests: journal.requests
        .filter(({ client }) => client === name)
        .map((request) => without(request, "client"))
        .toSorted((a, b) => a.from - b.from),
      grants: own.flatMap((draft) => grantSpan(draft, until)),
      beliefs: own.flatMap(beliefSpans).toSorted((a, b) => a.from - b.from),
      sections: resource.outcomes
        .filter(({ client }) => client === name)
        .map((section): SectionSpan => without(section, "client", "isWriter"))
        .toSorted((a, b) => a.from - b.from),
      states: states
        .filter(({ client }) => client === name)
        .map((state) => without(state, "client")),
    };
  });
}

function draftsOf(events: readonly HistoryEvent[]): Map<string, Draft> {
  const drafts = new Map<string, Draft>();
  for (const event of events.toSorted((a, b) => a.at - b.at)) {
    if (event.type === "invoke") drafts.set(event.attempt, newDraft(event));
    else if ("attempt" in event) put(event, drafts.get(event.attempt));
  }
  return drafts;
}

function newDraft(event: Extract<HistoryEvent, { type: "invoke" }>): Draft {
  const { client, attempt, resources, mode } = event;
  return {
    ...{ client, attempt, resources, mode, from: undefined, validUntil: 0, endedAt: Infinity },
    ...{ ending: undefined, fencingToken: 0, extensions: [], believed: [], isBelieving: false },
  };
}

function put(event: HistoryEvent, draft: Draft | undefined): void {
  if (draft === undefined) return;
  if (event.type === "granted") {
    draft.from = event.at;
    draft.validUntil = event.validUntil;
    draft.fencingToken = event.fencingToken;
  } else if (event.type === "belief") {
    believe(draft, event.at, event.held);
  } else if (draft.ending === undefined && event.type === "extended") {
    draft.validUntil = Math.max(draft.validUntil, event.validUntil);
    draft.extensions.push({ at: event.at, validUntil: event.validUntil });
  } else if (draft.ending === undefined && (event.type === "releasing" || event.type === "lost")) {
    draft.ending = event.type === "lost" ? "lost" : "released";
    draft.endedAt = event.at;
  }
}

function believe(draft: Draft, at: number, held: boolean): void {
  const last = draft.believed.at(-1);
  if (held && draft.isBelieving && last !== undefined) last.until = at;
  else if (held) draft.believed.push({ from: at, until: at });
  draft.isBelieving = held;
}

function grantSpan(draft: Draft, until: number): GrantSpan[] {
  const { from, attempt, resources, mode, extensions, validUntil, endedAt, fencingToken } = draft;
  if (from === undefined) return [];
  const end = Math.min(validUntil, endedAt, until);
  const isByItself = validUntil <= Math.min(endedAt, until);
  const ending = isByItself ? "expired" : (draft.ending ?? "run over");
  const token = fencingToken === 0 ? {} : { fencingToken };
  const span = { from, until: Math.max(from, end), attempt, resources, mode };
  return [{ ...span, ...token, extensions, ending }];
}

function beliefSpans({ attempt, believed }: Draft): BeliefSpan[] {
  return believed.map((span) => ({ attempt, ...span }));
}
