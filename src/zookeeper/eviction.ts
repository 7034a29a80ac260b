import { currentPlaces, queuePath } from "./queue-znode.ts";
import { remove } from "./request.ts";
import type { Surroundings } from "./surroundings.ts";
import { holders } from "./waiting-line.ts";
import { errorCode, hasCode } from "./zookeeper-error.ts";

/** Removes those at the front of a queue. Those who wait keep their places. */
export class Eviction {
  readonly #resource: string;
  readonly #around: Surroundings;
  /** Who is to go: those who were at the front when it began, not those who come after them. */
  #victims: readonly string[] | undefined;
  /** Whether there was anybody. */
  hasFound = false;

  constructor(resource: string, around: Surroundings) {
    this.#resource = resource;
    this.#around = around;
  }

  /** Can be called again when the connection was lost on the way. */
  async run(): Promise<void> {
    this.#victims ??= await this.#look();
    await Promise.all(this.#victims.map((path) => this.#remove(path)));
  }

  async #look(): Promise<string[]> {
    const { session, layout } = this.#around;
    const places = await currentPlaces(session, layout, this.#resource);
    return holders(places).map(({ name }) => `${queuePath(layout, this.#resource)}/${name}`);
  }

  async #remove(path: string): Promise<void> {
    try {
      await this.#around.session.send(remove(path));
      this.hasFound = true;
    } catch (error) {
      if (!hasCode(error, errorCode.noNode)) throw error;
    }
  }
}
