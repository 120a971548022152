/** One object of the engine: a webhook, a guard, or nothing for calls that need none. */
export interface Instance {
  /**
   * A call: the first `used` bytes of `io` are its arguments, and its small results stand there afterwards; longer ones
   * stand in `out`. What the numbers mean is written in `engine/src/lib.rs`. In place of the number of an accepted delivery,
   * which stands in `io`, an engine may give what it has written to `out` as text, a character for each byte.
   */
  run(io: Uint8Array, used: number, body: Uint8Array, out: Uint8Array): number | string;
  /** Forgets what a call may have left behind where nothing is kept. */
  wipe?(): void;
}

/** The core, as an addon or as WebAssembly. */
export interface Engine {
  readonly name: 'native' | 'wasm';
  create(): Instance;
}

/** Where longer results stand, unless a call has more of them. */
export const OUT = new Uint8Array(1 << 16);

/** The least length of `io`, for results. */
export const MIN_IO = 256;
