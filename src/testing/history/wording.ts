import { tokenOf, type Account, type Grant } from "./account.ts";

/** An instant in words. */
export function ms(at: number): string {
  return `${Math.round(at * 1000) / 1000} ms`;
}

/** An attempt in words. */
export function whose({ invoke }: Account): string {
  return `${invoke.event.attempt} of ${invoke.event.client}`;
}

/** A grant in words. */
export function withToken(grant: Grant): string {
  return `${whose(grant)} (${grant.invoke.event.mode}, token ${tokenOf(grant)})`;
}
