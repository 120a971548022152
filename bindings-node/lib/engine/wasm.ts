import compile from '#wasm';
import { lengthOf } from '../bytes.js';
import type { Engine, Instance } from './engine.js';
import { MIN_IO } from './engine.js';

interface Exports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  reserve(length: number): number;
  run(at: number, io: number, body: number, out: number): number;
}

let compiled: WebAssembly.Module | undefined;

/** An instance of its own for each object: what it keeps goes when the object goes. */
class WasmInstance implements Instance {
  readonly #exports: Exports;
  #memory = new Uint8Array();

  constructor() {
    compiled ??= compile();
    this.#exports = new WebAssembly.Instance(compiled).exports as Exports;
  }

  run(io: Uint8Array, used: number, body: Uint8Array, out: Uint8Array): number {
    const ioLength = Math.max(used, MIN_IO);
    const length = lengthOf(body);
    const total = ioLength + length + out.length;
    // A length that WebAssembly has no number for would come out small.
    const at = total > 0xffff_ffff ? 0 : this.#exports.reserve(total) >>> 0;
    if (at === 0) {
      return NO_MEMORY;
    }
    // Growing memory detaches its old buffer.
    if (this.#memory.length === 0 || this.#memory.buffer !== this.#exports.memory.buffer) {
      this.#memory = new Uint8Array(this.#exports.memory.buffer);
    }
    this.#memory.set(used === io.length ? io : io.subarray(0, used), at);
    this.#memory.set(body, at + ioLength);
    const said = this.#exports.run(at, ioLength, length, out.length);
    if (this.#memory.length === 0) {
      this.#memory = new Uint8Array(this.#exports.memory.buffer);
    }
    const memory = this.#memory;
    if (said >= NO_MEMORY) {
      io.set(memory.subarray(at, at + MIN_IO));
      const outUsed = new DataView(io.buffer, io.byteOffset).getUint32(0, true);
      if (outUsed > 0) {
        const outAt = at + ioLength + length;
        out.set(memory.subarray(outAt, outAt + outUsed));
      }
    }
    return said;
  }

  wipe(): void {
    // Between two calls nothing stands on the stack but copies that moving a value has made.
    new Uint8Array(this.#exports.memory.buffer, 0, STACK).fill(0);
  }
}

/** The stack is at the bottom of memory: `-zstack-size` and `--stack-first` in the Makefile. */
const STACK = 1 << 16;

const NO_MEMORY = -2;

export const wasm: Engine = { name: 'wasm', create: () => new WasmInstance() };
