import type { Engine } from './engine/engine.js';
/** The engine of a class: what tells the classes of `korewebhook` and `korewebhook/wasm` apart. */
export declare const ENGINE: unique symbol;
export declare function engineOf(owner: {
    readonly [ENGINE]: Engine;
}): Engine;
/** What Node asks when it prints something. */
export declare const INSPECT: unique symbol;
