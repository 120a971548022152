// What nobody may see: rejections that nobody handles, and, unless a test expects it, anything on standard error.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { inspect } from 'node:util';
import { SECRET } from './signing.js';

/** What `console.error` was called with since the last `take`. */
const said = [];

export const take = () => said.splice(0).map((line) => line.map((part) => (typeof part === 'string' ? part : inspect(part))).join(' '));

/** For a whole file: listens, and fails its last hook where something got out. */
export function quiet() {
  const unhandled = [];
  const all = [];
  const hear = (error) => unhandled.push(error);
  const original = console.error;
  before(() => {
    process.on('unhandledRejection', hear);
    process.on('uncaughtExceptionMonitor', hear);
    console.error = (...parts) => {
      // Throws for what can't be shown, as the real one does.
      all.push(inspect(parts, { depth: 9 }));
      said.push(parts);
    };
  });
  after(async () => {
    // What was rejected just now is told in a turn of its own.
    await new Promise((resolve) => setImmediate(resolve));
    console.error = original;
    process.off('unhandledRejection', hear);
    process.off('uncaughtExceptionMonitor', hear);
    assert.deepEqual(unhandled, []);
    assert.ok(!all.join('\n').includes(SECRET), 'a secret was written');
  });
}
