import {
  endings,
  fencedResults,
  markKinds,
  outcomes,
  unfencedResults,
  type DrawnGrant,
  type DrawnMark,
  type DrawnOperation,
  type DrawnSection,
  type Drawing,
} from "./drawing.ts";
import type { Grant, NodeMark, Operation, Section } from "./scene.ts";

/** Reads what lies in the page: JSON, packed by gzip, written as base 64. */
export async function readDrawing(text: string): Promise<Drawing> {
  const bytes = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(stream).json()) as Drawing;
}

/** Microseconds from `base` as milliseconds. */
function ms(base: number, microseconds: number): number {
  return (base + microseconds) / 1_000;
}

function lookUp<Word extends string>(words: readonly Word[], code: number): Word {
  return words[code] ?? (words[0] as Word);
}

export function operationOf(row: DrawnOperation, client: number, drawing: Drawing): Operation {
  const [base, waited, outcome, isShared, wish, error, attempt, grant, beliefs, sections, marks] =
    row;
  const operation: Operation = {
    kind: "operation",
    client,
    from: ms(base, 0),
    until: endOf(row) / 1_000,
    waitedUntil: ms(base, waited),
    outcome: lookUp(outcomes, outcome),
    isShared: isShared === 1,
    resources: drawing.wishes[wish] ?? [],
    error: drawing.words[error],
    attempt,
    grant: grant === 0 ? undefined : grantOf(base, grant),
    beliefs: beliefs.map(([from, length]) => stretchOf(base, from, length)),
    sections: sections.map((section) => sectionOf(base, section)),
    marks: [],
    track: 0,
  };
  operation.marks.push(...marks.map((mark) => markOf(base, mark, operation, drawing)));
  return operation;
}

function endOf([base, waited, , , , , , grant, beliefs, sections]: DrawnOperation): number {
  const ends = [...beliefs, ...sections].map(([from, length]) => from + length);
  if (grant !== 0) ends.push(grant[0] + grant[1]);
  return base + Math.max(waited, ...ends);
}

function stretchOf(base: number, from: number, length: number): { from: number; until: number } {
  return { from: ms(base, from), until: ms(base, from + length) };
}

function grantOf(base: number, grant: DrawnGrant): Grant {
  const [from, length, ending, fencingToken, votes, quorum, extensions] = grant;
  const known = (value: number): number | undefined => (value < 0 ? undefined : value);
  return {
    ...stretchOf(base, from, length),
    ending: lookUp(endings, ending),
    fencingToken: known(fencingToken),
    votes: known(votes),
    quorum: known(quorum),
    extensions: extensions.map(([at, until]) => ({
      at: ms(base, at),
      validUntil: ms(base, until),
    })),
  };
}

function sectionOf(
  base: number,
  [from, length, resource, fenced, unfenced]: DrawnSection,
): Section {
  return {
    ...stretchOf(base, from, length),
    resource,
    fenced: lookUp(fencedResults, fenced),
    unfenced: lookUp(unfencedResults, unfenced),
  };
}

function markOf(
  base: number,
  [at, node, kind, word]: DrawnMark,
  operation: Operation,
  { words }: Drawing,
): NodeMark {
  const what = lookUp(markKinds, kind);
  return { kind: "mark", ...stretchOf(base, at, 0), node, what, reason: words[word], operation };
}
