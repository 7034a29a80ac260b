import type { Contract } from "./contract.ts";
import { exclusion } from "./lock/exclusion.ts";
import { sharing } from "./lock/sharing.ts";
import { time } from "./lock/time.ts";
import { taking } from "./lock/taking.ts";
import type { LockFixture } from "./lock/kit.ts";

export type { LockFixture };

/** What locks must do, whatever grants them. */
export const lockContract: Contract<LockFixture> = [...exclusion, ...sharing, ...time, ...taking];
