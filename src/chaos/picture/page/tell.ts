import type { Grant, Operation, Overlap, NodeMark, Scene, State, Thing } from "./scene.ts";
import { duration, instant } from "./wording.ts";

/** Something of the picture in words: a line that says what it is, and what there is to know. */
export interface Told {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

export function tell(thing: Thing, scene: Scene): Told {
  switch (thing.kind) {
    case "operation":
      return tellOperation(thing, scene);
    case "mark":
      return tellMark(thing, scene);
    case "overlap":
      return tellOverlap(thing, scene);
    case "state":
      return tellState(thing);
    case "fault":
      return { title: thing.about, facts: [["at", exact(thing.from)]] };
    default:
      return thing satisfies never;
  }
}

/** An instant as the record has it. */
function exact(at: number): string {
  return instant(at, 0.1);
}

function span({ from, until }: { readonly from: number; readonly until: number }): string {
  return `${exact(from)} to ${exact(until)}, ${duration(until - from)}`;
}

function nameOf({ client }: Operation, scene: Scene): string {
  return scene.clients[client]?.name ?? "";
}

function resourcesOf(operation: Operation, scene: Scene): string {
  return operation.resources.map((place) => scene.resources[place]).join(" + ");
}

function tellOperation(operation: Operation, scene: Scene): Told {
  const { grant, outcome, isShared, beliefs, sections, error } = operation;
  const what = resourcesOf(operation, scene);
  const mode = isShared ? " shared" : "";
  const waited = { from: operation.from, until: operation.waitedUntil };
  const facts: [string, string][] = [];
  if (waited.until > waited.from) facts.push(["asked", span(waited)]);
  if (error !== undefined) facts.push(["error", error]);
  if (grant !== undefined) facts.push(...grantFacts(grant));
  for (const belief of beliefs) facts.push(["believed", beyond(belief, grant)]);
  for (const section of sections) {
    const { fenced, unfenced } = section;
    facts.push(["worked", beyond(section, grant)]);
    facts.push(["the fence", fenced], ["without a fence", unfenced]);
  }
  facts.push(...voteFacts(operation, scene));
  if (operation.attempt !== "") facts.push(["attempt", operation.attempt]);
  const verb =
    grant === undefined && outcome !== "granted" ? `asked for ${what}: ${outcome}` : `had ${what}`;
  return { title: `${nameOf(operation, scene)} ${verb}${mode}`, facts };
}

function grantFacts(grant: Grant): [string, string][] {
  const facts: [string, string][] = [["guaranteed", span(grant)]];
  facts.push([
    "fencing token",
    grant.fencingToken === undefined ? "none" : String(grant.fencingToken),
  ]);
  if (grant.extensions.length > 0) facts.push(["extended", `${grant.extensions.length} times`]);
  facts.push(["ended", grant.ending]);
  if (grant.votes !== undefined) {
    facts.push(["votes", `${grant.votes}, where ${grant.quorum ?? "?"} are needed`]);
  }
  return facts;
}

function beyond(
  part: { readonly from: number; readonly until: number },
  grant: Grant | undefined,
): string {
  const late = part.until - Math.max(grant?.until ?? part.from, part.from);
  return span(part) + (late > 0.001 ? `, ${duration(late)} of it not guaranteed` : "");
}

/** Who voted for it and who did not, each node once. */
function voteFacts({ marks }: Operation, scene: Scene): [string, string][] {
  const by = new Map<string, Set<string>>();
  for (const { what, node, reason } of marks) {
    const name = scene.nodes[node]?.name ?? "?";
    const key = what === "vote" ? "voted" : what === "refusal" ? "refused" : what;
    const nodes = by.get(key) ?? new Set();
    by.set(key, nodes.add(reason === undefined ? name : `${name} (${reason})`));
  }
  return [...by].map(([key, nodes]) => [key, [...nodes].join(", ")]);
}

const markTitles: Record<NodeMark["what"], string> = {
  vote: "voted for",
  "quarantined vote": "voted in quarantine for",
  refusal: "refused",
  steal: "let somebody steal it from",
  force: "was made to drop the lock of",
  forget: "forgot the lock of",
  leftover: "still has the lock of",
};

function tellMark({ node, what, from, reason, operation }: NodeMark, scene: Scene): Told {
  const facts: [string, string][] = [["at", exact(from)]];
  if (reason !== undefined) facts.push(["because", reason]);
  facts.push(["resource", resourcesOf(operation, scene)]);
  const token = operation.grant?.fencingToken;
  if (token !== undefined) facts.push(["fencing token", String(token)]);
  const whom = nameOf(operation, scene);
  return { title: `${scene.nodes[node]?.name ?? "?"} ${markTitles[what]} ${whom}`, facts };
}

function tellOverlap(overlap: Overlap, scene: Scene): Told {
  const { first, second, isOfLocks, resource } = overlap;
  const names = `${nameOf(first, scene)} and ${nameOf(second, scene)}`;
  const what = isOfLocks ? "were both guaranteed" : "both worked with";
  const tokens = [first, second].map(({ grant }) => grant?.fencingToken ?? "none");
  return {
    title: `${names} ${what} ${scene.resources[resource] ?? "?"}`,
    facts: [
      ["both", span(overlap)],
      ["fencing tokens", tokens.join(" and ")],
    ],
  };
}

function tellState({ owner, label, about, from, until }: State): Told {
  const facts: [string, string][] = [["time", span({ from, until })]];
  if (about !== "" && about !== label) facts.unshift(["what", about]);
  return { title: `${owner}: ${label}`, facts };
}
