import { DisconnectedError, errorCode, hasCode } from "./zookeeper-error.ts";
import { remove } from "./request.ts";
import type { Session } from "./session.ts";
import { UnreachableError } from "./session-problem.ts";

/** Znodes of ours that have to go. */
export interface Leftover {
  /** The session that they belong to: with it they go by themselves. */
  readonly session: number;
  /** Where they are, or how to find out. */
  readonly paths: () => Promise<readonly string[]>;
}

/**
 * - `removed`: they were there until now;
 * - `missing`: somebody else removed one of them;
 * - `over`: they went with their session;
 * - `unknown`: the ensemble could not be reached; it is told when it can.
 */
export type Removal = "removed" | "missing" | "over" | "unknown";

/** Removes what must not stay, now or when the ensemble is back. */
export class Leftovers {
  readonly #session: Session;
  readonly #patienceMs: number;
  readonly #owed = new Set<Leftover>();

  constructor(session: Session, patienceMs: number) {
    this.#session = session;
    this.#patienceMs = patienceMs;
  }

  async remove(leftover: Leftover): Promise<Removal> {
    // A removal whose answer was lost may have been done.
    const doubt = { isInDoubt: false };
    try {
      return await this.#session.run(this.#patienceMs, () => this.#remove(leftover, doubt));
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      this.#owed.add(leftover);
      return "unknown";
    }
  }

  /** The connection is back. */
  resume(): void {
    const owed = [...this.#owed];
    this.#owed.clear();
    // What the ensemble refuses now, it refuses for ever; the next one in the queue will tell.
    for (const leftover of owed) void this.remove(leftover).catch(() => {});
  }

  async #remove(leftover: Leftover, doubt: { isInDoubt: boolean }): Promise<Removal> {
    if (leftover.session !== this.#session.number) return "over";
    const paths = await leftover.paths();
    const answers = await Promise.all(paths.map((path) => this.#removeOne(path)));
    const lost = answers.find((answer) => answer instanceof DisconnectedError);
    if (lost !== undefined) {
      doubt.isInDoubt = true;
      throw lost;
    }
    return doubt.isInDoubt || answers.every((answer) => answer === undefined)
      ? "removed"
      : "missing";
  }

  async #removeOne(path: string): Promise<unknown> {
    try {
      return await this.#session.send(remove(path));
    } catch (error) {
      if (error instanceof DisconnectedError || hasCode(error, errorCode.noNode)) return error;
      throw error;
    }
  }
}
