import addon from '#addon';
import { VERSION } from '../tables.js';
import { OUT, type Engine, type Instance } from './engine.js';

const shared = addon?.version() === VERSION ? addon.share() : undefined;
/** What the addon has at hand beside `OUT`. */
let io: Uint8Array | undefined;
let length = 0;

class NativeInstance implements Instance {
  readonly #run = addon!.create(shared!);

  run(given: Uint8Array, _used: number, body: Uint8Array, out: Uint8Array): number | string {
    if (io !== given) {
      addon!.attach(shared!, given, OUT);
      [io, length] = [given, given.length];
    }
    // It doesn't ask where they are, so they must not be gone.
    if (given.length !== length || OUT.length === 0) {
      throw new TypeError('memory of this package was transferred');
    }
    return out === OUT ? this.#run(body) : this.#run(body, out);
  }
}

/** The addon, where it loads and is of this version. */
export const native: Engine | undefined =
  shared === undefined ? undefined : { name: 'native', create: () => new NativeInstance() };
