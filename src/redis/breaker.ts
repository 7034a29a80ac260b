/** The most looks in a row that have to be silent before it opens. */
const mostPatience = 3;
/** So many looks without a silent one in between, and it opens as early as at first. */
const calmLooks = 20;

/** How many nodes of a quorum may be left unasked at the same time. */
export class SpareNodes {
  #left: number;

  constructor(count: number) {
    this.#left = count;
  }

  take(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }

  giveBack(): void {
    this.#left++;
  }
}

/**
 * Whether a node that leaves calls unanswered is asked any more. It is open while it is not. One that
 * was merely slow, and has answered after all, has to be silent for longer the next time. When more nodes
 * are silent than a quorum can spare it is us, perhaps, or our network: the others are asked on.
 */
export class Breaker {
  readonly #spare: SpareNodes;
  readonly #onChange: (isOpen: boolean, why: string) => void;
  #isOpen = false;
  #patience = 1;
  #calmCount = 0;

  constructor(
    spare: SpareNodes = new SpareNodes(1),
    onChange: (isOpen: boolean, why: string) => void = () => {},
  ) {
    this.#spare = spare;
    this.#onChange = onChange;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Nothing was answered between two looks, and it is the so manieth time in a row. */
  onSilence(looks: number, silentMs: number): void {
    this.#calmCount = 0;
    if (this.#isOpen || looks < this.#patience || !this.#spare.take()) return;
    this.#isOpen = true;
    this.#onChange(true, `has answered nothing for ${looks * silentMs} ms`);
  }

  /** Something was answered between two looks. */
  onCalm(): void {
    if (++this.#calmCount >= calmLooks) this.#patience = 1;
  }

  /** Something is being answered. */
  onAnswer(): void {
    if (!this.#isOpen) return;
    this.#patience = Math.min(this.#patience + 1, mostPatience);
    this.#close("answers again");
  }

  /** The connection is given up: what it left unanswered is asked no more. */
  onReconnect(): void {
    if (this.#isOpen) this.#close("is connected to anew");
  }

  #close(why: string): void {
    this.#isOpen = false;
    this.#spare.giveBack();
    this.#onChange(false, why);
  }
}
