import type { Engine } from './engine/engine.js';

/** The engine of a class: what tells the classes of `korewebhook` and `korewebhook/wasm` apart. */
export const ENGINE: unique symbol = Symbol('korewebhook.engine');

export function engineOf(owner: { readonly [ENGINE]: Engine }): Engine {
  return owner[ENGINE];
}

/** What Node asks when it prints something. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;
