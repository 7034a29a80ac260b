import { tokenOf, type Account, type Grant } from "./account.ts";

/** An instant in words. */
export function ms(at: number): string {
  return `${Math.round(at * 1000) / 1000} ms`;
}

/** An attempt in words. */
export function whose({ invoke }: Account): string {
  return `${invoke.event.attempt} of ${invoke.event.client}`;
}

/** A grant in words. A history of locks without tokens has 0 for each. */
export function withToken(grant: Grant): string {
  const token = tokenOf(grant);
  const its = token === 0 ? "" : `, token ${token}`;
  return `${whose(grant)} (${grant.invoke.event.mode}${its})`;
}
