import { randomBytes } from "node:crypto";
import type { Random } from "../core/world.ts";

export function systemRandom(): Random {
  return {
    next: () => Math.random(),
    // 128 bits, as many as a UUID has; only one is drawn for each manager.
    id: () => randomBytes(16).toString("base64url"),
  };
}
