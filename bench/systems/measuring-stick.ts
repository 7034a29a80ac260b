/** What the measuring sticks have in common: no validity, no cleaning up, no waiting. */
export const compareAndDelete = `
if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end
return 0`;

export const cannot = {
  wait: "it is a measuring stick, and does not wait",
  hold: "it is a measuring stick, and does not renew",
} as const;

export function quorumOf(count: number): number {
  return Math.floor(count / 2) + 1;
}
