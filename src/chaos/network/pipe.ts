import type { Socket } from "node:net";

/** What it is like on a way at the moment. */
export interface Weather {
  delayMs: number;
  jitterMs: number;
  bytesPerSecond: number;
  closeMs: number;
}

interface Piece {
  /** Undefined: the end of the connection. */
  readonly bytes: Uint8Array | undefined;
  readonly dueAt: number;
}

/** One direction of one connection: pieces arrive in the order in which they were sent. */
export class Pipe {
  readonly #to: Socket;
  readonly #isHeld: () => boolean;
  readonly #weather: Weather;
  readonly #pieces: Piece[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** When the way is free again, for one that is narrow. */
  #freeAt = 0;

  /** @param isHeld whether what goes this way is kept back now. */
  constructor(
    to: Socket,
    { isHeld, weather }: { readonly isHeld: () => boolean; readonly weather: Weather },
  ) {
    this.#to = to;
    this.#isHeld = isHeld;
    this.#weather = weather;
  }

  /** How many pieces are under way. */
  get length(): number {
    return this.#pieces.length;
  }

  push(bytes: Uint8Array): void {
    const { delayMs, jitterMs, bytesPerSecond } = this.#weather;
    const now = performance.now();
    this.#freeAt = Math.max(now, this.#freeAt) + (1_000 * bytes.length) / bytesPerSecond;
    this.#add({ bytes, dueAt: this.#freeAt + delayMs + Math.random() * jitterMs });
  }

  end(): void {
    this.#add({ bytes: undefined, dueAt: performance.now() + this.#weather.closeMs });
  }

  /** Nothing of what is under way arrives. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#pieces.length = 0;
  }

  /** Passes on what is due. */
  flow(): void {
    clearTimeout(this.#timer);
    while (!this.#isHeld()) {
      const [first] = this.#pieces;
      if (first === undefined) return;
      const restMs = first.dueAt - performance.now();
      if (restMs > 0) {
        this.#timer = setTimeout(() => this.flow(), restMs);
        return;
      }
      this.#pieces.shift();
      this.#pass(first);
    }
  }

  #add(piece: Piece): void {
    this.#pieces.push(piece);
    this.flow();
  }

  #pass({ bytes }: Piece): void {
    if (this.#to.destroyed || this.#to.writableEnded) return;
    if (bytes === undefined) this.#to.end();
    else this.#to.write(bytes);
  }
}
