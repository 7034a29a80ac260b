import { Redis } from "ioredis";

/**
 * How many commands this process has sent. Servers also count those that run inside of scripts, and cannot
 * tell them apart.
 */
let count = 0;

interface Queue {
  push(item: object): unknown;
}

// Whatever any library sends by ioredis, pipelines too, is entered here, to wait for its reply.
const resetCommandQueue = Reflect.get(Redis.prototype, "resetCommandQueue") as () => void;
Reflect.set(Redis.prototype, "resetCommandQueue", function reset(this: { commandQueue: Queue }) {
  resetCommandQueue.call(this);
  const { commandQueue } = this;
  const push = commandQueue.push.bind(commandQueue);
  commandQueue.push = (item) => {
    count++;
    return push(item);
  };
});

export function sentCount(): number {
  return count;
}

/** By something else than ioredis. */
export function sentBesides(): void {
  count++;
}
