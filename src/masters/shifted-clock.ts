import { execFile } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { clockShim } from "./clock-shim.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const run = promisify(execFile);

/** The clocks of one process that has been started with this environment. */
export interface ShiftedClock extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
  /** Two int64, as the process sees them: what its clocks are moved by, in microseconds. */
  readonly path: string;
  /** How far its wall clock is from the real one; or, when it is frozen, what it says, since 1970. */
  setWall(us: number): void;
  /** How far its monotonic clock is from the real one. */
  setMonotonic(us: number): void;
  /** For when the process is gone. */
  close(): Promise<void>;
}

/**
 * Clocks for processes to come, right ones at first. Takes a C compiler, and a program that loads what it
 * makes: Linux.
 *
 * @param isFrozen whether the wall clock stands still, at the microsecond that it is set to.
 * @throws {Error} that says what is missing.
 */
export async function shiftedClock(isFrozen = false): Promise<ShiftedClock> {
  const folder = await temporaryFolder("quorumlock-clock-");
  try {
    const library = await compiledIn(folder.path);
    const path = join(folder.path, "clock");
    const file = openSync(path, "w", 0o644);
    // One write of eight bytes, into a page that the process has mapped.
    const set = (place: number, us: number): void =>
      void writeSync(file, BigInt64Array.of(BigInt(Math.round(us))), 0, 8, 8 * place);
    set(0, 0);
    set(1, 0);
    const close = async (): Promise<void> => {
      closeSync(file);
      await folder.remove();
    };
    const mode = isFrozen ? { CLOCK_SHIM_MODE: "frozen" } : {};
    return {
      environment: { LD_PRELOAD: library, CLOCK_SHIM_FILE: path, ...mode },
      path,
      setWall: (us) => set(0, us),
      setMonotonic: (us) => set(1, us),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

async function compiledIn(folder: string): Promise<string> {
  if (process.platform !== "linux") throw new Error("clocks can be moved on Linux only");
  const source = join(folder, "clock-shim.c");
  const library = join(folder, "clock-shim.so");
  await writeFile(source, clockShim);
  try {
    await run("cc", ["-shared", "-fPIC", "-O2", "-o", library, source]);
  } catch (error) {
    throw new Error("clocks can be moved only where there is a C compiler, cc", { cause: error });
  }
  return library;
}
