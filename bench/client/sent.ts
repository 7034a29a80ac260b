import { Redis } from "ioredis";

/**
 * How many commands this process has sent. Servers also count those that run inside of scripts, and cannot
 * tell them apart.
 */
let count = 0;

// Every library that is measured sends by this method, pipelines too.
const sendCommand = Reflect.get(Redis.prototype, "sendCommand");
Redis.prototype.sendCommand = function send(...args: Parameters<Redis["sendCommand"]>): unknown {
  count++;
  return sendCommand.apply(this, args);
};

export function sentCount(): number {
  return count;
}

/** By something else than ioredis. */
export function sentBesides(): void {
  count++;
}
