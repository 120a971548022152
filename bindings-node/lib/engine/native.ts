import addon from '#addon';
import { VERSION } from '../tables.js';
import type { Engine, Instance } from './engine.js';

const shared = addon?.version() === VERSION ? addon.share() : undefined;
/** What the addon has of it, and how long that was. */
let [io, out]: [Uint8Array, Uint8Array] = [new Uint8Array(), new Uint8Array()];
let [ioLength, outLength] = [0, 0];

function attach(): void {
  addon!.attach(shared!, io, out);
  [ioLength, outLength] = [io.length, out.length];
}

class NativeInstance implements Instance {
  readonly #run = addon!.create(shared!);

  run(givenIo: Uint8Array, _used: number, body: Uint8Array, givenOut: Uint8Array): number {
    if (io !== givenIo || out !== givenOut) {
      [io, out] = [givenIo, givenOut];
      attach();
    } else if (io.length !== ioLength || out.length !== outLength) {
      throw new TypeError('the buffers of this package were transferred');
    }
    return this.#run(body);
  }
}

/** The addon, where it loads and is of this version. */
export const native: Engine | undefined =
  shared === undefined ? undefined : { name: 'native', create: () => new NativeInstance() };
