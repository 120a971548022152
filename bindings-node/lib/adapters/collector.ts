/**
 * The first bytes of a body, as its chunks come. In one piece of memory, because a body of one-byte chunks would otherwise take
 * a hundred times its size.
 */
export class Collector {
  readonly #most: number;
  #bytes = new Uint8Array();
  #length = 0;

  /** Keeps at most this many. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether nothing more is wanted. */
  get full(): boolean {
    return this.#length >= this.#most;
  }

  add(chunk: Uint8Array): void {
    const wanted = chunk.subarray(0, this.#most - this.#length);
    const length = this.#length + wanted.length;
    if (this.#length === 0) {
      // Most bodies come in one chunk, which is not copied; nor is it written to, as it is full.
      this.#bytes = wanted as Uint8Array<ArrayBuffer>;
    } else {
      if (length > this.#bytes.length) {
        const larger = new Uint8Array(Math.min(Math.max(2 * length, 4096), this.#most));
        larger.set(this.bytes);
        this.#bytes = larger;
      }
      this.#bytes.set(wanted, this.#length);
    }
    this.#length = length;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
