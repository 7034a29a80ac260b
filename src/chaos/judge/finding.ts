import type { HistoryEvent, Violation } from "../../testing.ts";
import type { ChaosCheck, Finding, Property } from "../verdict.ts";
import type { Names } from "./names.ts";
import { eventWords } from "./words.ts";

/** Around what a finding points to, in milliseconds. */
const marginMs = 20;

export const propertyOf: Readonly<Record<ChaosCheck, Property>> = {
  C1: "exclusion",
  C2: "belief",
  C3: "birth",
  C4: "tokens",
  C5: "tokens",
  C6: "tokens",
  C7: "hygiene",
  C8: "fence",
  C9: "fence",
  C10: "exclusion",
  C11: "errors",
  liveness: "liveness",
  sections: "sections",
  unfenced: "unfenced",
};

/** What a finding is made of when no check of the history made it. */
export interface Plain {
  readonly check: ChaosCheck;
  readonly message: string;
  readonly at: number;
  readonly attempts?: readonly string[];
  readonly clients?: readonly string[];
  readonly resource?: string;
  readonly events?: readonly HistoryEvent[];
  readonly excerpt?: Finding["excerpt"];
}

export function findingOf(plain: Plain, names: Names): Finding {
  const { check, at, attempts = [], events = [], resource } = plain;
  const excerpt =
    plain.excerpt ?? events.map((event) => ({ at: event.at, text: eventWords(event, names) }));
  const instants = [at, ...excerpt.map((line) => line.at)];
  const clients = attempts.flatMap((attempt) => names.clientOf(attempt) ?? []);
  return {
    ...{ check, property: propertyOf[check], at, attempts, excerpt, events },
    message: names.within(plain.message, attempts),
    span: { from: Math.min(...instants) - marginMs, until: Math.max(...instants) + marginMs },
    clients: [...new Set([...clients, ...(plain.clients ?? [])])],
    ...(resource !== undefined && { resource }),
  };
}

export function fromViolation(violation: Violation, names: Names): Finding {
  return findingOf(violation, names);
}
