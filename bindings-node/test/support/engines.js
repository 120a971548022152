// The package on both of its engines.

import assert from 'node:assert/strict';
import * as native from 'korewebhook';
import * as wasm from 'korewebhook/wasm';

// Without the addon, half of what the tests say would not be so.
assert.equal(native.engine, 'native', 'the addon is not there: run make node');
assert.equal(wasm.engine, 'wasm');

export const engines = [native, wasm];

/** Runs a test on each engine. */
export function onBoth(test, name, run) {
  for (const engine of engines) {
    test(`${name} (${engine.engine})`, () => run(engine));
  }
}
