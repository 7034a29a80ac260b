/** A set of rows of whole numbers. It keeps 53 bits of each, so two may be taken for one. */
export class FingerprintSet {
  #slots = new Float64Array(1 << 16);
  #size = 0;

  /** @returns whether it was new. */
  add(row: Int32Array): boolean {
    if (this.#put(fingerprint(row))) {
      if (++this.#size * 2 > this.#slots.length) this.#grow();
      return true;
    }
    return false;
  }

  #put(value: number): boolean {
    const mask = this.#slots.length - 1;
    for (let at = (value % 0x7fffffff) & mask; ; at = (at + 1) & mask) {
      const there = this.#slots[at];
      if (there === value) return false;
      if (there !== 0) continue;
      this.#slots[at] = value;
      return true;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    for (const value of old) if (value !== 0) this.#put(value);
  }
}

function fingerprint(row: Int32Array): number {
  let one = 0x2545f491;
  let other = 0x9e3779b9;
  for (const value of row) {
    one = mixed(one ^ Math.imul(value, 0xcc9e2d51));
    other = mixed(Math.imul(other, 5) + Math.imul(value ^ 0x5bd1e995, 0x1b873593));
  }
  return (one >>> 0) * 0x200000 + (other >>> 11) || 1;
}

function mixed(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
