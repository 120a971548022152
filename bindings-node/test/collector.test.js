// The first bytes of a body, however it is cut into chunks.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Collector } from '../dist/esm/adapters/collector.js';

test('what is kept is the beginning of what came', () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
  fc.assert(
    fc.property(chunks, fc.integer({ min: 1, max: 300 }), (given, most) => {
      const before = given.map((chunk) => Uint8Array.from(chunk));
      const body = new Collector(most);
      for (const chunk of given) {
        assert.equal(body.full, body.bytes.length >= most);
        body.add(chunk);
      }
      assert.deepEqual([...body.bytes], given.flatMap((chunk) => [...chunk]).slice(0, most));
      // Chunks are not written to.
      assert.deepEqual(given, before);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('a chunk that is a part of more memory is not written behind', () => {
  const memory = Uint8Array.from({ length: 100 }, (_, at) => at);
  const body = new Collector(50);
  body.add(memory.subarray(0, 10));
  body.add(Uint8Array.of(255, 255));
  assert.deepEqual([...body.bytes], [...memory.slice(0, 10), 255, 255]);
  assert.deepEqual([memory[10], memory[11]], [10, 11]);
});
