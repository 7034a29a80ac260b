import { ConfigurationError } from "../core/error.ts";

/**
 * The number of the transaction that granted it (zxid): the leader's epoch in the upper half, a
 * counter in the lower one. Whatever happens to any lock in the ensemble has a larger one than all
 * before.
 *
 * @throws {ConfigurationError} when it is no safe integer: from the election number 2 097 152 on.
 */
export function fencingTokenOf(zxid: bigint): number {
  const token = Number(zxid);
  if (Number.isSafeInteger(token)) return token;
  const epoch = zxid >> 32n;
  throw new ConfigurationError(
    `the ensemble is in epoch ${epoch}. From epoch 2097152 on the numbers of its transactions are ` +
      "no safe integers, and cannot be fencing tokens: use another ensemble, and let what " +
      "checks tokens forget those of this one",
  );
}
