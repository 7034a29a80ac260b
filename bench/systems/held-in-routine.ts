import type { KeptLock } from "../system.ts";

/** Of a library that extends by itself only while a routine runs: a lock that is held until it is given back. */
export function heldInRoutine(
  using: (routine: () => Promise<void>) => Promise<unknown>,
): Promise<KeptLock> {
  return new Promise((resolve, reject) => {
    let end = (): void => {};
    const ended = new Promise<void>((done) => (end = done));
    const over = using(() => {
      const release = (): Promise<unknown> => {
        end();
        return over;
      };
      resolve({ release });
      return ended;
    });
    over.catch(reject);
  });
}
