// Hostile bodies: memory of every kind, that is shared, transferred or cut, and what is given back of it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { once } from 'node:events';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { onBoth } from './support/engines.js';
import { BODY, Broken, fixtures, MINIFIED, MINIFIED_LENGTH, NOW, URL_, utf8, WRONG } from './support/hostile.js';
import { reason } from './support/vectors.js';

class Pretender extends Uint8Array {
  get length() {
    return 0;
  }

  get buffer() {
    throw new Broken();
  }

  get byteLength() {
    return 1;
  }

  subarray() {
    throw new Broken();
  }

  slice() {
    throw new Broken();
  }

  static get [Symbol.species]() {
    throw new Broken();
  }
}

/** Bytes in the middle of a buffer that can grow. */
function inResizable(bytes, tracking) {
  const buffer = new ArrayBuffer(bytes.length + 2, { maxByteLength: 1 << 22 });
  const whole = new Uint8Array(buffer);
  if (tracking) {
    buffer.resize(bytes.length);
    whole.set(bytes);
    return whole;
  }
  whole.set(bytes, 1);
  return new Uint8Array(buffer, 1, bytes.length);
}

function inShared(bytes) {
  const view = new Uint8Array(new SharedArrayBuffer(bytes.length + 2), 1, bytes.length);
  view.set(bytes);
  return view;
}

const KINDS = {
  string: (bytes) => Buffer.from(bytes).toString(),
  Uint8Array: (bytes) => Uint8Array.from(bytes),
  Buffer: (bytes) => Buffer.from(bytes),
  'unpooled Buffer': (bytes) => Buffer.concat([Buffer.alloc(8192), bytes]).subarray(8192),
  ArrayBuffer: (bytes) => Uint8Array.from(bytes).buffer,
  slice: (bytes) => Buffer.concat([Buffer.from('##'), bytes, Buffer.from('##')]).subarray(2, -2),
  subclass: (bytes) => new Pretender(bytes),
  'shared memory': inShared,
  'Buffer over shared memory': (bytes) => Buffer.from(inShared(bytes).buffer, 1, bytes.length),
  resizable: (bytes) => inResizable(bytes, false),
  'resizable, tracking its length': (bytes) => inResizable(bytes, true),
  'of another realm': (bytes) => runInNewContext('Uint8Array.from(bytes)', { bytes: [...bytes] }),
  'ArrayBuffer of another realm': (bytes) => runInNewContext('Uint8Array.from(bytes).buffer', { bytes: [...bytes] }),
  'own properties': (bytes) => Object.defineProperties(Uint8Array.from(bytes), { length: { value: 1 }, buffer: { value: 1 }, byteLength: { value: 1 } }),
  'without a prototype': (bytes) => Object.setPrototypeOf(Uint8Array.from(bytes), null),
};

for (const [name, make] of Object.entries(KINDS)) {
  onBoth(test, `a body as ${name}`, (kore) => {
    const { webhook, headers, standard, signed } = fixtures(kore);
    const body = () => make(utf8.encode(BODY));
    const delivery = webhook.verify(body(), headers);
    assert.equal(Buffer.from(delivery.body).toString(), MINIFIED);
    assert.equal(webhook.sign(body(), { contentType: 'application/json' }), headers['kore-signature']);
    assert.equal(Buffer.from(kore.minifyJson(body())).toString(), MINIFIED);
    assert.equal(standard.verify(make(utf8.encode('{}')), signed, { now: NOW }).id, 'msg_1');
    const canonical = webhook.verify(make(utf8.encode(MINIFIED)), headers).body;
    assert.equal(Buffer.from(canonical).toString(), MINIFIED);
    assert.ok(canonical instanceof Uint8Array);
  });
}

/** The kinds that a delivery gives back as they are, where they are canonical already. */
const GIVEN_BACK = new Set(['Uint8Array', 'Buffer', 'unpooled Buffer', 'slice', 'resizable', 'resizable, tracking its length']);

/** Lengths around those from which a body is treated in another way. */
const LENGTHS = [1, 255, 256, 257, 4096, (1 << 16) - 4, 1 << 16, (127 << 10) - 4, (127 << 10) - 3, (1 << 20) - 4, 1 << 20];

for (const [name, make] of Object.entries(KINDS)) {
  onBoth(test, `the body of a delivery: ${name}`, (kore) => {
    const webhook = new kore.Webhook('a35974bdf1c769b8bb', URL_, { maxBody: 1 << 22 });
    for (const length of LENGTHS) {
      const form = `= ${'a'.repeat(length)}`;
      const minified = `["${'é'.repeat(length >> 1)}${'x'.repeat(length & 1)}"]`;
      const others = [` [\n${minified.slice(1, -1)} ]`, `${minified.slice(0, -1)} ]`, `${minified}\n`];
      for (const [text, canonical] of [[form, form], [minified, minified], ...others.map((other) => [other, minified])]) {
        const expected = Buffer.from(canonical);
        const given = make(utf8.encode(text));
        const delivery = webhook.verify(given, webhook.headers(text));
        const { body } = delivery;
        assert.equal(delivery.body, body);
        assert.equal(Buffer.compare(body, expected), 0);
        assert.equal(body === given, text === canonical && GIVEN_BACK.has(name));
        if (body === given) {
          continue;
        }
        assert.ok(body instanceof Buffer);
        if (typeof given !== 'string') {
          const bytes = ArrayBuffer.isView(given) ? given : new Uint8Array(given);
          Uint8Array.prototype.fill.call(bytes, 0x78);
          assert.equal(Buffer.compare(body, expected), 0);
        }
      }
    }
  });
}

onBoth(test, 'no body at all is given back too', (kore) => {
  const webhook = new kore.Webhook('a35974bdf1c769b8bb', URL_, { allowEmptyBody: true });
  for (const body of [new Uint8Array(), Buffer.alloc(0)]) {
    const delivery = webhook.verify(body, webhook.headers(body));
    assert.equal(delivery.body, body);
    assert.match(delivery.key, /^[0-9a-f]{64}$/);
  }
});

onBoth(test, 'a delivery whose body is gone has no other key', (kore) => {
  const { webhook } = fixtures(kore);
  // Longer ones are in memory that is nobody else's, so that it can be transferred.
  for (const text of [MINIFIED, `["${'x'.repeat(5000)}"]`, `[ "${'x'.repeat(5000)}" ]`, `[ "${'x'.repeat(200_000)}" ]`]) {
    for (const known of [false, true]) {
      const { key: expected } = webhook.verify(text, webhook.headers(text));
      const delivery = webhook.verify(Uint8Array.from(utf8.encode(text)), webhook.headers(text));
      if (known) {
        assert.equal(delivery.key, expected);
      }
      const { buffer } = delivery.body;
      structuredClone(buffer, { transfer: [buffer] });
      assert.equal(delivery.body.length, 0);
      for (const call of ['json', 'events', 'replayKeys']) {
        assert.throws(() => delivery[call](), TypeError, call);
      }
      if (known) {
        assert.equal(delivery.key, expected);
      } else {
        assert.throws(() => delivery.key, TypeError);
      }
      assert.deepEqual([delivery.format, delivery.secretIndex], ['json', 0]);
    }
  }
});

onBoth(test, 'code that runs when the length of a body that was given back is asked for', (kore) => {
  const { webhook, headers } = fixtures(kore);
  const body = Buffer.from(MINIFIED);
  const [delivery, again] = [webhook.verify(body, headers), webhook.verify(body, headers)];
  const { key } = webhook.verify(MINIFIED, headers);
  Object.defineProperty(body, 'length', {
    get() {
      webhook.verify('a=b', webhook.headers('a=b'));
      return 1;
    },
  });
  assert.equal(delivery.key, key);
  assert.equal(again.replayKeys().length, 1);
  assert.deepEqual([again.key, again.json(), again.toJSON().bytes], [key, { a: [1, 'é'] }, MINIFIED_LENGTH]);
});

onBoth(test, 'shared memory that changes meanwhile: what is given back is what was verified', async (kore) => {
  const shared = new SharedArrayBuffer((1 << 16) + 4);
  const [body, flag] = [new Uint8Array(shared, 4), new Int32Array(shared, 0, 1)];
  body.fill(0x61).set([0x61, 0x3d]);
  const webhook = new kore.Webhook('a35974bdf1c769b8bb', URL_);
  const headers = webhook.headers(body);
  // The last byte goes back and forth until it is told to stop.
  const source = `const { workerData } = require('node:worker_threads');
    const [body, flag] = [new Uint8Array(workerData, 4), new Int32Array(workerData, 0, 1)];
    while (Atomics.load(flag, 0) === 0) body[body.length - 1] ^= 1;`;
  const worker = new Worker(source, { eval: true, workerData: shared });
  const exited = once(worker, 'exit');
  await once(worker, 'online');
  let [accepted, refused] = [0, 0];
  for (let tries = 0; tries < 20_000 && (accepted < 100 || refused < 100); tries++) {
    const said = reason(() => {
      assert.equal(webhook.verify(body, headers).body.at(-1), 0x61);
    });
    accepted += Number(said === 'ok');
    refused += Number(said === 'signature-mismatch');
  }
  Atomics.store(flag, 0, 1);
  await exited;
  assert.ok(accepted >= 100 && refused >= 100, `${accepted} ${refused}`);
});

onBoth(test, 'a delivery of a body with white space is its own', (kore) => {
  const { webhook, headers } = fixtures(kore);
  for (const asked of [false, true]) {
    for (const text of [BODY, BODY.replace('{', '{ '), `${MINIFIED}\n`]) {
      const body = Buffer.from(text);
      const delivery = webhook.verify(body, headers);
      if (asked) {
        assert.equal(Buffer.from(delivery.body).toString(), MINIFIED);
      }
      body.fill(0x78);
      webhook.verify(text.replace('1', '2'), webhook.headers(text.replace('1', '2')));
      assert.deepEqual(delivery.json(), { a: [1, 'é'] });
      assert.equal(delivery.key, webhook.verify(text, headers).key);
      assert.deepEqual(delivery.toJSON(), { format: 'json', bytes: MINIFIED_LENGTH, key: delivery.key });
      assert.equal(Buffer.from(delivery.body).toString(), MINIFIED);
    }
  }
});

onBoth(test, 'json() of a body with white space: every byte of a string', (kore) => {
  const { webhook } = fixtures(kore);
  for (const letters of ['x', '\x7f', '\u0080', 'é', 'ÿ', '€', '\u{1f600}', 'Ã©']) {
    for (const length of [1, 100, 70_000]) {
      const [value, text] = [[letters.repeat(length)], `[ "${letters.repeat(length)}" ]`];
      const delivery = webhook.verify(text, webhook.headers(text));
      assert.deepEqual(delivery.json(), value);
      assert.equal(Buffer.from(delivery.body).toString(), `["${value[0]}"]`);
      assert.deepEqual(delivery.json(), value);
    }
  }
});

onBoth(test, 'code that gets hold of the memory of the package and transfers it', (kore) => {
  const { webhook, headers } = fixtures(kore);
  const { fill } = Uint8Array.prototype;
  const seen = new Set();
  Uint8Array.prototype.fill = function (...given) {
    seen.add(this);
    return fill.apply(this, given);
  };
  try {
    new kore.Webhook('a35974bdf1c769b8bb', URL_);
  } finally {
    Uint8Array.prototype.fill = fill;
  }
  const buffers = [...seen].map(({ buffer }) => buffer).filter((buffer) => buffer.byteLength === 4096);
  assert.equal(buffers.length, 1);
  structuredClone(buffers[0], { transfer: buffers });
  for (let times = 0; times < 3; times++) {
    assert.equal(Buffer.from(webhook.verify(BODY, headers).body).toString(), MINIFIED);
  }
});

onBoth(test, 'a body that was transferred or cut is an error', (kore) => {
  const { webhook, headers } = fixtures(kore);
  const gone = Uint8Array.from(utf8.encode(BODY));
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  const resizable = new ArrayBuffer(8, { maxByteLength: 16 });
  const cut = new Uint8Array(resizable, 4, 4);
  resizable.resize(2);
  for (const body of [gone, gone.buffer, cut]) {
    for (const call of [(x) => webhook.verify(x, headers), (x) => webhook.sign(x), (x) => kore.minifyJson(x)]) {
      assert.throws(() => call(body), TypeError);
    }
  }
  assert.equal(
    reason(() => webhook.verify(new Uint8Array(), headers)),
    'empty-body',
  );
});

onBoth(test, 'wrong types of a body', (kore) => {
  const { webhook, headers, standard, signed } = fixtures(kore);
  for (const wrong of [...WRONG(), undefined, 5, [0x61], new SharedArrayBuffer(4), new Uint16Array(4), new Uint8ClampedArray(4), new Blob(['a=b'])]) {
    for (const call of [
      (x) => webhook.verify(x, headers),
      (x) => webhook.sign(x),
      (x) => webhook.headers(x),
      (x) => kore.minifyJson(x),
      (x) => standard.verify(x, signed),
      (x) => standard.sign('a', 1, x),
    ]) {
      assert.throws(() => call(wrong), TypeError);
    }
  }
});

onBoth(test, 'a huge body is refused by its length', (kore) => {
  const { webhook, headers } = fixtures(kore);
  const limit = new Uint8Array((1 << 20) + 1);
  for (const body of [limit, limit.buffer, new Uint8Array(1 << 28), Buffer.from(new SharedArrayBuffer(1 << 26)), 'a'.repeat(1 << 21)]) {
    assert.equal(
      reason(() => webhook.verify(body, headers)),
      'body-too-large',
    );
    assert.equal(
      reason(() => webhook.verify(body, headers, { method: 'GET' })),
      'get-disabled',
    );
    assert.equal(
      reason(() => webhook.sign(body)),
      'body-too-large',
    );
  }
  assert.equal(
    reason(() => webhook.verify(limit.subarray(1), headers)),
    'nul-in-body',
  );
});
