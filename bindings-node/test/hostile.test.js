// Hostile values of every argument: nothing but `VerificationError`, and `TypeError` for a wrong type.

import assert from 'node:assert/strict';
import test from 'node:test';
import { once } from 'node:events';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { onBoth } from './support/engines.js';
import { reason, refusal } from './support/vectors.js';

const URL_ = 'https://h.example/kore/';
const BODY = '{"a": [1, "é"]}';
const MINIFIED = '{"a":[1,"é"]}';
const MINIFIED_LENGTH = 14;
const NOW = 1614265330;
const utf8 = new TextEncoder();

/** What an object of the caller's throws; it may come through. */
class Broken extends Error {}

function fixtures(kore) {
  const webhook = new kore.Webhook('a35974bdf1c769b8bb', URL_);
  const headers = webhook.headers(BODY, { contentType: 'application/json', token: 'RQ1', date: '2024-07-03T14:40:58Z' });
  const standard = new kore.StandardWebhook(`whsec_${'QUJD'.repeat(8)}`);
  const signed = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(NOW) };
  signed['webhook-signature'] = standard.sign('msg_1', NOW, '{}');
  return { webhook, headers, standard, signed };
}

const TEXTS = [
  '',
  ' ',
  '\0',
  '\ud800',
  'a\udcffb',
  '\u{10ffff}',
  '\u212aore-signature',
  'K\u014dRE',
  '\ufeff',
  '\u202e',
  'x'.repeat(100_000),
  '\ud800'.repeat(100_000),
  'é'.repeat(300),
  '%s%n{0}{self}',
  '../../etc/passwd',
  "'; DROP TABLE inbox; --",
  '1e400',
  '\uff11',
  'line\r\nkore-signature: 0',
  '\0'.repeat(64),
  '__proto__',
  'constructor',
  'toString',
];

const NUMBERS = [0, -0, 1, -1, 2 ** 31, 2 ** 32, 2 ** 52, 2 ** 52 + 1, 2 ** 53, 2 ** 64, 1e308, -1e308, 1.5, NaN, Infinity, -Infinity, 5e-324];

const throws = () => {
  throw new Broken();
};

/** Throws wherever it is touched. */
const untouchable = () => new Proxy({}, Object.fromEntries(Reflect.ownKeys(Reflect).map((trap) => [trap, throws])));

const WRONG = () => [
  null,
  1.5,
  5n,
  true,
  Symbol('x'),
  {},
  () => 'x',
  class {},
  /x/,
  new Date(0),
  [1],
  new Map(),
  new Int8Array(4),
  new DataView(new ArrayBuffer(4)),
  new String('boxed'),
  new Proxy({}, {}),
  new Proxy(new Uint8Array(4), {}),
  Object.create(Uint8Array.prototype),
  { toString: throws, valueOf: throws, [Symbol.toPrimitive]: throws },
  { [Symbol.iterator]: throws },
  { [Symbol.iterator]: 5 },
  { [Symbol.iterator]: () => ({ next: throws }) },
  { [Symbol.iterator]: () => ({ next: () => 5 }) },
  untouchable(),
];

/** A value of any type: accepted, refused, or a wrong type. */
function anything(call) {
  try {
    refusal(call);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof Broken)) {
      throw error;
    }
  }
}

/** Each call with a place for one text. */
function textCalls(kore) {
  const { webhook, headers, standard, signed } = fixtures(kore);
  const { Webhook, StandardWebhook, verifyBearer, signedUrl, parseDate } = kore;
  return {
    secret: (x) => new Webhook(x, URL_),
    'secret in a list': (x) => new Webhook(['fine', x], URL_),
    url: (x) => new Webhook('secret', x),
    scheme: (x) => new Webhook('secret', URL_, { scheme: x }),
    format: (x) => new Webhook('secret', URL_, { format: x }),
    method: (x) => webhook.verify(BODY, headers, { method: x }),
    'method unread': (x) => webhook.refuseUnread(headers, { method: x }),
    'header name': (x) => webhook.verify(BODY, [...Object.entries(headers), [x, 'x']]),
    'header name of an object': (x) => webhook.verify(BODY, { ...headers, [x]: 'x' }),
    'raw header name': (x) => webhook.verify(BODY, [...Object.entries(headers).flat(), x, 'x']),
    signature: (x) => webhook.verify(BODY, { ...headers, 'kore-signature': x }),
    'content type': (x) => webhook.verify(BODY, { ...headers, 'content-type': x }),
    'content encoding': (x) => webhook.verify(BODY, { ...headers, 'content-encoding': x }),
    token: (x) => webhook.verify(BODY, { ...headers, 'kore-idempotency-token': x }).idempotencyToken,
    date: (x) => webhook.verify(BODY, { ...headers, date: x }).date,
    'sign: content type': (x) => webhook.sign(BODY, { contentType: x }),
    'headers: content type': (x) => webhook.headers(BODY, { contentType: x }),
    'headers: token': (x) => webhook.headers(BODY, { token: x }),
    'headers: date': (x) => webhook.headers(BODY, { date: x }),
    'standard secret': (x) => new StandardWebhook(x),
    'standard secrets': (x) => new StandardWebhook([x]),
    'webhook-id': (x) => standard.verify('{}', { ...signed, 'webhook-id': x }, { now: NOW }),
    'webhook-timestamp': (x) => standard.verify('{}', { ...signed, 'webhook-timestamp': x }, { now: NOW }),
    'webhook-signature': (x) => standard.verify('{}', { ...signed, 'webhook-signature': x }, { now: NOW }),
    'standard sign': (x) => standard.sign(x, 1, ''),
    bearer: (x) => verifyBearer({ authorization: x }, 'token'),
    'bearer token': (x) => verifyBearer({ authorization: 'Bearer x' }, x),
    'bearer tokens': (x) => verifyBearer({ authorization: 'Bearer x' }, [x, x]),
    body: (x) => webhook.verify(x, headers),
    'body to sign': (x) => webhook.sign(x),
    'body to minify': (x) => kore.minifyJson(x),
    signedUrl,
    parseDate,
  };
}

onBoth(test, 'texts', (kore) => {
  for (const [name, call] of Object.entries(textCalls(kore))) {
    for (const text of TEXTS) {
      try {
        refusal(() => call(text));
      } catch (error) {
        assert.fail(`${name} with ${JSON.stringify(text.slice(0, 20))}: ${error}`);
      }
    }
    for (const wrong of [...WRONG(), ...NUMBERS]) {
      anything(() => call(wrong));
    }
  }
});

onBoth(test, 'a number is no text', (kore) => {
  const { scheme, format, method, 'method unread': unread, 'header name of an object': own, ...calls } = textCalls(kore);
  for (const [name, call] of Object.entries({ ...calls, scheme, format, method, unread })) {
    for (const wrong of [5, 1.5, {}, null, true]) {
      // `null` for a date or an option left out is a wrong type too.
      assert.throws(() => call(wrong), TypeError, `${name} ${wrong}`);
    }
  }
  assert.ok(own);
});

onBoth(test, 'lone surrogates are malformed', (kore) => {
  const calls = textCalls(kore);
  const expected = {
    secret: 'secret-format',
    url: 'url-invalid',
    method: 'method-unsupported',
    signature: 'signature-format',
    'content type': 'content-type',
    token: 'ok',
    date: 'ok',
    parseDate: 'date-format',
    signedUrl: 'url-invalid',
    bearer: 'bearer-format',
    'webhook-id': 'id-format',
    'bearer token': 'secret-format',
    'headers: date': 'date-format',
    'headers: token': 'invalid-argument',
    scheme: 'invalid-argument',
    format: 'invalid-argument',
  };
  for (const [name, code] of Object.entries(expected)) {
    assert.equal(
      reason(() => calls[name]('\ud800')),
      code,
      name,
    );
  }
  const { webhook, headers } = fixtures(kore);
  const delivery = webhook.verify(BODY, { ...headers, date: '\ud800', 'kore-idempotency-token': '\ud800' });
  assert.deepEqual([delivery.date, delivery.idempotencyToken], [null, null]);
  // A parameter may hold any UTF-8, but not what is none.
  const typed = (value) => reason(() => webhook.verify(BODY, { ...headers, 'content-type': value }));
  assert.equal(typed('application/json; a="Ā"'), 'ok');
  assert.equal(typed('application/json; a="\ud800"'), 'content-type');
});

onBoth(test, 'half a surrogate pair in a body is malformed, not another character', (kore) => {
  const webhook = new kore.Webhook('a35974bdf1c769b8bb', URL_);
  const headers = webhook.headers('{"a":"\ufffd"}', { contentType: 'application/json' });
  assert.equal(
    reason(() => webhook.verify('{"a":"\ufffd"}', headers)),
    'ok',
  );
  for (const half of ['\ud800', '\udfff', '\udc00\ud800', 'x\ud800', '\ud800x']) {
    const body = `{"a":"${half}"}`;
    assert.equal(
      reason(() => webhook.verify(body, headers)),
      'json-malformed',
    );
    assert.equal(
      reason(() => kore.minifyJson(body)),
      'json-malformed',
    );
    assert.equal(
      reason(() => webhook.sign(half, { contentType: 'application/x-www-form-urlencoded' })),
      'form-not-utf8',
    );
  }
  assert.equal(
    reason(() => webhook.verify('{"a":"\u{1f600}"}', webhook.headers('{"a":"\u{1f600}"}', { contentType: 'application/json' }))),
    'ok',
  );
});

onBoth(test, 'options that every object has decide nothing', (kore) => {
  Object.prototype.allowEmptyBody = true;
  Object.prototype.method = 'GET';
  try {
    const webhook = new kore.Webhook('a35974bdf1c769b8bb', URL_);
    assert.equal(
      reason(() => webhook.headers('', { contentType: 'application/json' })),
      'empty-body',
    );
    assert.equal(
      reason(() => webhook.verify(BODY, webhook.headers(BODY), {})),
      'ok',
    );
  } finally {
    delete Object.prototype.allowEmptyBody;
    delete Object.prototype.method;
  }
});

onBoth(test, 'a body that is transferred while the headers are read', (kore) => {
  const { webhook, headers } = fixtures(kore);
  const body = new TextEncoder().encode(BODY);
  const trap = { ...headers };
  Object.defineProperty(trap, 'date', {
    enumerable: true,
    get() {
      structuredClone(body.buffer, { transfer: [body.buffer] });
      return headers.date;
    },
  });
  assert.throws(() => webhook.verify(body, trap), TypeError);
});

onBoth(test, 'whole numbers', (kore) => {
  const said = (options) => reason(() => new kore.Webhook('s', URL_, options));
  const { webhook } = fixtures(kore);
  for (const name of ['maxBody', 'maxDepth']) {
    for (const number of NUMBERS) {
      refusal(() => new kore.Webhook('s', URL_, { [name]: number }));
    }
    for (const wrong of ['1', 1n, null, {}, [1], true]) {
      assert.throws(() => new kore.Webhook('s', URL_, { [name]: wrong }), TypeError);
    }
  }
  const bodies = [0, 1, 2 ** 32, 2 ** 52, 2 ** 52 + 1, -1, 1.5, NaN, Infinity].map((maxBody) => said({ maxBody }));
  assert.deepEqual(bodies, ['invalid-argument', 'ok', 'ok', 'ok', ...Array(5).fill('invalid-argument')]);
  const depth = refusal(() => new kore.Webhook('s', URL_, { maxDepth: 65 }));
  assert.deepEqual([depth.code, depth.detail], ['invalid-argument', 'max-depth']);
  const large = refusal(() => new kore.Webhook('s', URL_, { maxBody: 2 ** 53 }));
  assert.deepEqual([large.code, large.detail], ['invalid-argument', 'max-body']);
  for (const maxDepth of [256, 257, 2 ** 32 + 1]) {
    assert.equal(said({ maxDepth }), 'invalid-argument');
  }
  assert.equal(webhook.maxBody, 1 << 20);
  for (const flag of ['allowGet', 'allowEmptyBody']) {
    for (const wrong of [0, 1, 'true', null, {}]) {
      assert.throws(() => new kore.Webhook('s', URL_, { [flag]: wrong }), TypeError);
    }
  }
});

onBoth(test, 'times', (kore) => {
  const { standard, signed, webhook } = fixtures(kore);
  const verify = (options) => reason(() => standard.verify('{}', signed, options));
  for (const number of NUMBERS) {
    verify({ now: number });
    verify({ now: NOW, tolerance: number });
    refusal(() => standard.sign('msg_1', number, ''));
  }
  assert.equal(verify({ now: NOW, tolerance: Infinity }), 'ok');
  assert.deepEqual(
    [NaN, -1, -Infinity, new Date(NaN), new Date(-1)].map((now) => verify({ now })),
    Array(5).fill('invalid-argument'),
  );
  assert.deepEqual(
    [NaN, -1].map((tolerance) => verify({ now: NOW, tolerance })),
    Array(2).fill('invalid-argument'),
  );
  assert.deepEqual(
    [0, 2 ** 64, Infinity, 1e308, new Date(8.64e15)].map((now) => verify({ now })),
    ['timestamp-too-new', ...Array(4).fill('timestamp-too-old')],
  );
  for (const wrong of ['1', 1n, null, {}, [1], true]) {
    assert.throws(() => standard.verify('{}', signed, { now: wrong }), TypeError);
    assert.throws(() => standard.verify('{}', signed, { now: NOW, tolerance: wrong }), TypeError);
    assert.throws(() => standard.sign('msg_1', wrong, ''), TypeError);
  }
  const at = new Date('2021-02-25T15:02:10Z');
  assert.equal(verify({ now: at }), 'ok');
  const sent = webhook.headers(BODY, { date: at });
  assert.equal(sent.date, '2021-02-25T15:02:10Z');
  assert.deepEqual(webhook.verify(BODY, sent).date, at);
  for (const [bad, code] of [
    [new Date(NaN), 'invalid-argument'],
    [new Date(-1), 'invalid-argument'],
    [new Date(8.64e15), 'date-range'],
    ['2021-02-30T00:00:00Z', 'date-range'],
  ]) {
    assert.equal(
      reason(() => webhook.headers(BODY, { date: bad })),
      code,
    );
  }
  for (const pretender of [Object.create(Date.prototype), new Proxy(at, {})]) {
    assert.throws(() => webhook.headers(BODY, { date: pretender }), TypeError);
  }
});

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

onBoth(test, 'shapes of headers', (kore) => {
  const { webhook, headers, standard } = fixtures(kore);
  const pairs = Object.entries(headers);
  const said = (shape) => reason(() => webhook.verify(BODY, shape));
  for (const empty of [{}, [], new Map(), new Headers(), new Set(), Object.create(null), { 'kore-signature': undefined }]) {
    assert.equal(said(empty), 'signature-missing');
  }
  for (const fine of [headers, pairs, pairs.flat(), new Map(pairs), new Headers(headers), new Proxy(headers, {}), new Proxy(pairs, {})]) {
    assert.equal(said(fine), 'ok');
  }
  assert.equal(said({ 'kore-signature': ['a', 'b'] }), 'signature-duplicate');
  assert.equal(said({ 'kore-signature': [] }), 'signature-missing');
  const wrong = [
    undefined,
    null,
    5,
    'kore-signature',
    Symbol('x'),
    () => {},
    [5],
    [['kore-signature']],
    [['kore-signature', 'a', 'b']],
    [[5, 'x']],
    [['kore-signature', 5]],
    [['kore-signature', null]],
    ['kore-signature'],
    ['kore-signature', 'x', 'date'],
    ['kore-signature', 5],
    ['x', 'y', 5, 'z'],
    ['kore-signature', 'x', ['date', 'y']],
    [['kore-signature', 'x'], 'date'],
    { 'kore-signature': null },
    { 'kore-signature': 5 },
    { 'kore-signature': ['a', 5] },
    { 'kore-signature': {} },
    new Uint8Array(4),
    new Set(['ab']),
    Object.create(Headers.prototype),
    { [Symbol.iterator]: 5 },
  ];
  for (const shape of wrong) {
    for (const call of [
      () => webhook.verify(BODY, shape),
      () => webhook.refuseUnread(shape),
    ]) {
      assert.throws(call, TypeError);
    }
    anything(() => standard.verify('{}', shape, { now: NOW }));
    anything(() => kore.verifyBearer(shape, 'token'));
  }
  for (const shape of WRONG()) {
    anything(() => webhook.verify(BODY, shape));
  }
});

onBoth(test, 'what an object of the caller throws comes through', (kore) => {
  const { webhook, headers } = fixtures(kore);
  const shapes = [
    untouchable(),
    { get 'kore-signature'() { throw new Broken(); } },
    { [Symbol.iterator]: throws },
    (function* () { yield* Object.entries(headers); throw new Broken(); })(),
    new Proxy(headers, { get: throws }),
  ];
  for (const shape of shapes) {
    assert.throws(() => webhook.verify(BODY, shape), Broken);
  }
  assert.throws(() => new kore.Webhook({ [Symbol.iterator]: throws }, URL_), Broken);
  assert.throws(() => new kore.Webhook('s', URL_, { get maxBody() { throw new Broken(); } }), Broken);
  assert.throws(() => webhook.verify(BODY, headers, { get method() { throw new Broken(); } }), Broken);
  // And leaves nothing behind.
  assert.equal(webhook.verify(BODY, headers).secretIndex, 0);
});

onBoth(test, 'code of the caller may verify meanwhile', (kore) => {
  const { webhook, headers } = fixtures(kore);
  const other = () => webhook.verify('a=b', webhook.headers('a=b'));
  let calls = 0;
  const shape = new Proxy(headers, {
    get(target, name) {
      calls += 1;
      other();
      return target[name];
    },
  });
  assert.equal(Buffer.from(webhook.verify(BODY, shape).body).toString(), MINIFIED);
  assert.ok(calls > 2);
  const secrets = { *[Symbol.iterator]() { yield 'one'; other(); yield 'a35974bdf1c769b8bb'; other(); } };
  assert.equal(new kore.Webhook(secrets, URL_).verify(BODY, headers).secretIndex, 1);
});

onBoth(test, 'a hundred thousand headers', (kore) => {
  const { webhook, headers } = fixtures(kore);
  const many = Array.from({ length: 100_000 }, (_, at) => [`x-${at}`, 'x'.repeat(100)]);
  assert.equal(webhook.verify(BODY, [...many, ...Object.entries(headers)]).secretIndex, 0);
  const doubled = Array.from({ length: 100_000 }, () => ['kore-signature', '0'.repeat(64)]);
  assert.equal(
    reason(() => webhook.verify(BODY, doubled)),
    'signature-duplicate',
  );
});

onBoth(test, 'secrets', (kore) => {
  const code = (secret) => reason(() => new kore.Webhook(secret, URL_));
  const codes = (...secrets) => [...new Set(secrets.map(code))];
  const bytes = (text) => Buffer.from(text, 'latin1');
  assert.deepEqual(codes('', bytes(''), [], new Set(), [''], ['a', ''], [][Symbol.iterator]()), ['secret-empty']);
  assert.deepEqual(codes(' a', 'a\n', bytes('\ta'), 'a\x0b', ['fine', 'a\r']), ['secret-whitespace']);
  assert.deepEqual(codes('a\0b', bytes('\0'), ['fine', 'a\0']), ['secret-nul']);
  assert.deepEqual(codes('x'.repeat(1024), bytes('x'.repeat(1024)), 'é'.repeat(512), bytes('\xff')), ['ok']);
  assert.deepEqual(codes('x'.repeat(1025), 'é'.repeat(513), 'x'.repeat(10_000_000)), ['secret-too-long']);
  assert.deepEqual(codes('\ud800', ['fine', 'a\udc00']), ['secret-format']);
  assert.deepEqual(codes(Array(8).fill('s')), ['ok']);
  assert.deepEqual(codes(Array(9).fill('s'), Array(1000).fill('s')), ['too-many-secrets']);
  // Endless ones are not read to their end.
  assert.equal(code({ *[Symbol.iterator]() { for (;;) yield 's'; } }), 'too-many-secrets');
  for (const wrong of [undefined, null, 5, 1n, {}, [5], [null], [['s']], new ArrayBuffer(4), new Uint16Array(4)]) {
    assert.throws(() => new kore.Webhook(wrong, URL_), TypeError);
  }
});

onBoth(test, 'fromEnv', ({ Webhook }) => {
  const { KOREWEBHOOK_SECRET: before, KOREWEBHOOK_URL: beforeUrl } = process.env;
  const set = (name, value) => {
    if (value === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = value;
    }
  };
  const code = (secret, url = URL_, options = undefined) => {
    set('KOREWEBHOOK_SECRET', secret);
    set('KOREWEBHOOK_URL', url);
    return reason(() => Webhook.fromEnv(options));
  };
  try {
    assert.deepEqual(['a', 'a,b', 'a,b,c,d,e,f,g,h'].map((secret) => code(secret)), Array(3).fill('ok'));
    assert.deepEqual([undefined, '', 'a,', ',a', ',', 'a,,b'].map((secret) => code(secret)), Array(6).fill('secret-empty'));
    assert.deepEqual(['a, b', ' a', 'a\n'].map((secret) => code(secret)), Array(3).fill('secret-whitespace'));
    assert.equal(code('a,b,c,d,e,f,g,h,i'), 'too-many-secrets');
    assert.equal(code('a', null), 'url-invalid');
    assert.equal(code('a', 'h.example'), 'url-invalid');
    assert.equal(code('a', URL_, { scheme: 'md5' }), 'invalid-argument');
    assert.throws(() => code('a', URL_, { colour: 'red' }), TypeError);
    assert.equal(code('new-secret,old-secret', URL_, { maxBody: 3, scheme: 'hmac-sha256', allowGet: true }), 'ok');
    const webhook = Webhook.fromEnv();
    assert.ok(webhook instanceof Webhook);
    assert.equal(webhook.url, URL_);
    assert.equal(webhook.verify('a=b', new Webhook('old-secret', URL_).headers('a=b')).secretIndex, 1);
  } finally {
    set('KOREWEBHOOK_SECRET', before);
    set('KOREWEBHOOK_URL', beforeUrl);
  }
});

onBoth(test, 'isVerificationError answers for anything', ({ VerificationError }) => {
  const { isVerificationError } = VerificationError;
  for (const other of [...WRONG(), undefined, 'x', new Error('x'), Object.create(null)]) {
    assert.equal(isVerificationError(other), false);
    assert.equal(other instanceof VerificationError, false);
  }
  class Special extends VerificationError {}
  assert.equal(Object.create(VerificationError.prototype) instanceof Special, false);
  assert.ok(new Special('empty-body') instanceof VerificationError);
  assert.ok(new Special('empty-body') instanceof Special);
});

onBoth(test, 'options are those that there are', ({ Webhook }) => {
  for (const wrong of [null, 5, 'kore-sha256', { colour: 'red' }, { maxbody: 5 }, { max_body: 5 }]) {
    assert.throws(() => new Webhook('secret', URL_, wrong), TypeError);
  }
  assert.throws(() => Webhook('secret', URL_), TypeError);
});

onBoth(test, 'warnings are returned and not printed', ({ Webhook }) => {
  assert.deepEqual(new Webhook('short', 'http://h.example').warnings, ['url-http', 'url-bare-host', 'secret-short']);
  assert.deepEqual(new Webhook('a35974bdf1c769b8bb', 'https://hooks.example.com/kore/').warnings, []);
  assert.ok(Object.isFrozen(new Webhook('short', 'http://h.example').warnings));
});
