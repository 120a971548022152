import addon from '#addon';
import { VERSION } from '../tables.js';
import type { Engine, Instance } from './engine.js';

class NativeInstance implements Instance {
  readonly #state = addon!.create();

  run(io: Uint8Array, _used: number, body: Uint8Array, out: Uint8Array): number {
    return addon!.run(this.#state, io, body, out);
  }
}

/** The addon, where it loads and is of this version. */
export const native: Engine | undefined =
  addon?.version() === VERSION ? { name: 'native', create: () => new NativeInstance() } : undefined;
