import type { JobName } from "./jobs.ts";

/** What a client is told. A place is one group of servers, to which it is connected once. */
export type Order = { readonly id: number; readonly place: number } & (
  | { readonly open: string; readonly urls: readonly string[]; readonly ttlMs: number }
  | { readonly job: JobName; readonly options: object }
);

/** What it says when an order is done. */
export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };
