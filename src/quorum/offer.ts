import type { ReleaseOutcome } from "../core/lock-backend.ts";

/** Something that is given back, unless somebody takes it over in the same turn. */
export class Offer {
  readonly #giveBack: () => Promise<ReleaseOutcome>;
  #outcome: Promise<ReleaseOutcome> | undefined;

  constructor(giveBack: () => Promise<ReleaseOutcome>) {
    this.#giveBack = giveBack;
  }

  accept(): void {
    this.#outcome = Promise.resolve({ released: "yes", votes: [] });
  }

  /** If nobody has accepted it, the nodes are told now. */
  end(): Promise<ReleaseOutcome> {
    this.#outcome ??= this.#giveBack();
    return this.#outcome;
  }
}
