/** No answer is as long as this: whoever says so does not speak ZooKeeper's protocol. */
const longestFrame = 64 * 1024 * 1024;

/** Cuts what comes over a connection into frames. */
export class FrameSplitter {
  #rest: Buffer = Buffer.alloc(0);

  /** @throws {RangeError} for what cannot be a frame. */
  split(chunk: Buffer): Buffer[] {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Buffer[] = [];
    while (bytes.length >= 4) {
      const length = bytes.readInt32BE(0);
      if (length < 0 || length > longestFrame) throw new RangeError(`a frame of ${length} bytes`);
      if (bytes.length < 4 + length) break;
      frames.push(bytes.subarray(4, 4 + length));
      bytes = bytes.subarray(4 + length);
    }
    this.#rest = bytes;
    return frames;
  }
}
