// Requests from a generator: the verdict on both engines is the model's, which was written from the documentation.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import { engines } from './support/engines.js';
import * as model from './support/model.js';
import { load, options, reason, secrets, unhex } from './support/vectors.js';

const of = (...values) => fc.constantFrom(...values);
const oneIn = (n) => fc.nat(n - 1).map((drawn) => drawn === 0);
const bytes = (text) => Buffer.from(text, 'utf8');

// --- bodies ---------------------------------------------------------------------------------------------------------

const SPACE = of('', '', '', ' ', '\n', '\t', '\r\n  ');
const NUMBERS = fc.oneof(
  of('0', '-0', '1.50', '1e400', '-1E+07', '51.507350', '8988307000000000123', '0.1e-2', '9'.repeat(400)),
  fc.integer().map(String),
);
const STRINGS = fc
  .array(
    fc.oneof(
      of('\\"', '\\\\', '\\/', '\\u0000', '\\ud800', '\\u00E9', '\\n', ' ', '  ', '{', '}', '[', ',', ':', '\x7f'),
      fc.string({ unit: 'grapheme', maxLength: 3 }).map((text) => text.replace(/["\\\p{Cc}\p{Cs}]/gu, '')),
    ),
    { maxLength: 8 },
  )
  .map((parts) => `"${parts.join('')}"`);
const NAMES = fc.oneof(STRINGS, of('"id"', '"source"', '"\\u0069d"', '"SimStatus"'));

const spaced = (value) => fc.tuple(SPACE, value, SPACE).map((parts) => parts.join(''));
const containerOf = (value) =>
  fc.oneof(
    fc.tuple(fc.array(spaced(value), { maxLength: 4 }), SPACE).map(([items, space]) => `[${items.join(',') || space}]`),
    fc
      .tuple(fc.array(fc.tuple(spaced(NAMES), spaced(value)).map((pair) => pair.join(':')), { maxLength: 4 }), SPACE)
      .map(([members, space]) => `{${members.join(',') || space}}`),
  );
const { value: VALUES, container: CONTAINERS } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, NUMBERS, STRINGS, of('true', 'false', 'null'), tie('container')),
  container: containerOf(tie('value')),
}));

const JSON_BODIES = fc
  .tuple(fc.oneof({ arbitrary: CONTAINERS, weight: 11 }, { arbitrary: VALUES, weight: 1 }), oneIn(8), fc.integer({ min: 60, max: 66 }), SPACE, SPACE)
  .map(([text, deepen, depth, before, after]) =>
    bytes(before + (deepen ? '['.repeat(depth) + text + ']'.repeat(depth) : text) + after),
  );

const FORM_TEXT = fc.oneof(
  fc.string({ unit: of(...'abcXYZ019-._~*!\'()+'), maxLength: 6 }),
  of('SimSid', 'SimStatus', 'active', '%7B', '%00', 'a b', 'caf%C3%A9', '@', '/k', ''),
);
const ODD_BYTES = ['ff', 'c3a9', 'c3', 'eda080', '01', '7f', 'f4908080'].map((digits) => Buffer.from(digits, 'hex'));
const FORM_BODIES = fc
  .tuple(fc.array(fc.tuple(FORM_TEXT, FORM_TEXT), { minLength: 1, maxLength: 5 }), oneIn(12), of(...ODD_BYTES))
  .map(([fields, odd, tail]) => Buffer.concat([bytes(fields.map((pair) => pair.join('=')).join('&')), odd ? tail : bytes('')]));

const INSERTED = ['20', '2c', '00', '22', 'ff', 'e280', '30', '5c', '5d', 'efbbbf'].map((digits) => Buffer.from(digits, 'hex'));
const MUTATIONS = fc.array(
  fc.record({ how: of('insert', 'delete', 'set', 'cut', 'repeat'), where: fc.double({ min: 0, max: 1, noNaN: true }), what: of(...INSERTED), byte: fc.nat(255), length: fc.integer({ min: 1, max: 3 }) }),
  { minLength: 1, maxLength: 3 },
);

/** A body with a few bytes changed, put in, taken away, or cut. */
const mutated = (bodies) =>
  fc.tuple(bodies, MUTATIONS).map(([body, mutations]) =>
    mutations.reduce((made, { how, where, what, byte, length }) => {
      const at = Math.floor(where * made.length);
      const [head, tail] = [made.subarray(0, at), made.subarray(at)];
      switch (how) {
        case 'insert':
          return Buffer.concat([head, what, tail]);
        case 'delete':
          return Buffer.concat([head, tail.subarray(length)]);
        case 'set':
          return Buffer.concat([head, tail.length > 0 ? Buffer.of(byte) : tail, tail.subarray(1)]);
        case 'cut':
          return head;
        default:
          return Buffer.concat([head, tail.subarray(0, 4), tail]);
      }
    }, body),
  );

/** A length extension (FIPS 180-4, section 5.1.1): the padding of what was hashed, and more. */
function glued(body, before) {
  const length = before + body.length;
  const padding = Buffer.alloc(1 + ((((55 - length) % 64) + 64) % 64) + 8);
  padding[0] = 0x80;
  padding.writeBigUInt64BE(BigInt(8 * length), padding.length - 8);
  return Buffer.concat([body, padding, bytes('&SimStatus=inactive')]);
}

// --- heads ----------------------------------------------------------------------------------------------------------

const MEDIA_TYPES = {
  json: of('application/json', 'application/cloudevents+json', 'Application/JSON'),
  form: of('application/x-www-form-urlencoded', 'application/X-WWW-Form-urlencoded'),
};
const PARAMETERS = fc.array(
  of('; charset=utf-8', ';charset=UTF-8', '; charset="utf-8"', ';', '; a=b', ' ;\ta="x;charset=utf-7"', ' ', '; a="\\""'),
  { maxLength: 2 },
);
const ODD_CONTENT_TYPES = of(
  '',
  'text/json',
  'application/+json',
  ' application/json',
  'application/json, application/json',
  'application/json; charset=utf-16',
  'application/json; charset="utf\\-8"',
  'application/json; charset',
  'application/json; charset =utf-8',
  'application/json; a=b c=d',
  'application/json; a="b',
  'application/json\xa0',
  'application/json; charset=utf-8; charset=utf-8',
  'application/json; charset=utf-8; CHARSET=utf-16',
  'application/jso\u212a',
  'application/json; a="\u0100"',
  `application/json; a=${'x'.repeat(8192)}`,
  'multipart/form-data; boundary=x',
);
const SECRETS = fc.array(of('12345', 'a35974bdf1c769b8bb', 'f4d430d03cff6f03e1', 'gehe\u00edm', 'x'.repeat(64), 'y'.repeat(1024)), { minLength: 1, maxLength: 8 });
const URLS = of('https://testendpoint.com', 'https://h.example/kore/?a=b', 'http://h.example:8080/%7Ek#x', `https://[::1]/${'p'.repeat(90)}`);

const weighted = (often, weight, ...others) =>
  fc.oneof({ arbitrary: fc.constant(often), weight }, ...others.map((other) => ({ arbitrary: fc.constant(other), weight: 1 })));

/** A configuration and a request that mostly fit each other. */
const REQUESTS = fc
  .record({
    method: fc.oneof({ arbitrary: fc.constant('POST'), weight: 30 }, { arbitrary: fc.constant('GET'), weight: 5 }, { arbitrary: of('post', 'PUT', '', 'POST ', 'PO\u017fT'), weight: 4 }),
    secrets: SECRETS,
    which: fc.nat(7),
    url: URLS,
    scheme: weighted('kore-sha256', 2, 'hmac-sha256'),
    allowGet: fc.boolean(),
    allowEmptyBody: oneIn(8),
    maxBody: weighted(1 << 20, 6, 16, 100),
    maxDepth: weighted(64, 4, 1, 3),
    format: weighted(undefined, 6, 'json', 'form'),
    kind: of('json', 'form'),
    mutate: oneIn(3),
    empty: oneIn(12),
    bodyOnGet: oneIn(4),
    confuse: oneIn(8),
    oddType: oneIn(10),
    signature: weighted('right', 30, 'wrong', 'upper', 'empty', 'cut', 'other', 'extended'),
    tail: of('', '\n', 'g', '\u0661'),
    name: of('kore-signature', 'Kore-Signature', 'KORE-SIGNATURE'),
    alias: of('kore_signature', '\u212aore-signature', 'kore-\u017fignature', 'kore-signature '),
    shape: weighted('plain', 20, 'drop', 'double', 'encoding', 'alias'),
    encodings: fc.array(of('gzip', 'identity', 'Identity', '', 'identity, gzip', 'identity '), { minLength: 1, maxLength: 2 }),
    turn: fc.nat(3),
    place: fc.boolean(),
    parameters: PARAMETERS,
    odd: ODD_CONTENT_TYPES,
  })
  .chain((drawn) => {
    const bodies = drawn.kind === 'json' ? JSON_BODIES : FORM_BODIES;
    const declared = drawn.confuse ? 'form' : drawn.kind;
    return fc.record({ drawn: fc.constant(drawn), body: drawn.mutate ? mutated(bodies) : bodies, media: MEDIA_TYPES[declared] });
  })
  .map(({ drawn, body: full, media }) => {
    const { method, scheme, url, format, maxBody, maxDepth, allowEmptyBody } = drawn;
    const settings = { secrets: drawn.secrets, url, scheme, format, maxBody, maxDepth, allowEmptyBody, allowGet: method === 'GET' && drawn.allowGet };
    let body = drawn.empty || (method === 'GET' && !drawn.bodyOnGet) ? Buffer.alloc(0) : full;
    // What an honest sender would sign, or else the bytes as they are.
    let canonical = body;
    if (drawn.kind === 'json') {
      try {
        ({ canonical } = model.minify(body));
      } catch {
        // It is none.
      }
    }
    const secret = drawn.secrets[drawn.which % drawn.secrets.length];
    const right = model.sign(settings, secret, method === 'GET' ? 'GET' : 'POST', canonical);
    const signature = {
      right,
      wrong: '0'.repeat(64),
      upper: right.toUpperCase(),
      empty: '',
      cut: right.slice(0, -1) + drawn.tail,
      other: model.sign(settings, 'no secret of ours', 'POST', canonical),
      extended: right,
    }[drawn.signature];
    if (drawn.signature === 'extended') {
      body = glued(body, Buffer.byteLength(secret) + 4 + model.signedPart(url).length);
    }
    const type = drawn.oddType ? drawn.odd : media + drawn.parameters.join('');
    const headers = [
      [drawn.name, signature],
      ['Content-Type', type],
      ['date', '2024-07-03T14:40:58Z'],
    ];
    const at = Number(drawn.place);
    if (drawn.shape === 'drop') {
      headers.splice(at, 1);
    } else if (drawn.shape === 'double') {
      headers.push(headers[at]);
    } else if (drawn.shape === 'encoding') {
      headers.push(...drawn.encodings.map((value) => ['Content-Encoding', value]));
    } else if (drawn.shape === 'alias') {
      headers[0] = [drawn.alias, signature];
    }
    headers.push(...headers.splice(0, drawn.turn));
    return { settings, method, headers, body };
  });

const saidByModel = ({ settings, method, headers, body }) =>
  model.verify(settings, method, headers.map(([name, value]) => [bytes(name), bytes(value)]), body);

function saidByUs({ Webhook, EndpointOnly, VerificationError }, { settings, method, headers, body }) {
  const { secrets: ring, url, ...others } = settings;
  const webhook = new Webhook(ring, url, others);
  try {
    const said = webhook.verify(body, headers, { method });
    if (said instanceof EndpointOnly) {
      return { reason: 'ok', secretIndex: said.secretIndex };
    }
    assert.equal(said.key, model.deliveryKey(url, said.body));
    return { reason: 'ok', secretIndex: said.secretIndex, body: Buffer.from(said.body).toString('hex') };
  } catch (error) {
    if (!(error instanceof VerificationError)) {
      throw error;
    }
    return { reason: error.code };
  }
}

const REASONS = [
  'ok',
  'method-unsupported',
  'get-disabled',
  'body-too-large',
  'signature-missing',
  'signature-duplicate',
  'signature-empty',
  'signature-format',
  'body-on-get',
  'nul-in-body',
  'empty-body',
  'content-type',
  'charset',
  'content-encoding',
  'json-malformed',
  'json-too-deep',
  'json-top-level',
  'content-type-confusion',
  'signature-mismatch',
  'form-control-character',
  'form-not-utf8',
  'form-first-key',
];

/** Headers and bodies in other clothes. */
const DRESSED = fc.record({ headers: of('pairs', 'raw', 'object', 'Map'), body: of('Buffer', 'Uint8Array', 'ArrayBuffer', 'shared') });

function dress({ headers, body, ...request }, how) {
  const single = new Set(headers.map(([name]) => name)).size === headers.length;
  const shapes = {
    pairs: () => headers,
    raw: () => headers.flat(),
    object: () => (single ? Object.fromEntries(headers) : headers),
    Map: () => (single ? new Map(headers) : headers),
  };
  const shared = () => {
    const view = new Uint8Array(new SharedArrayBuffer(body.length));
    view.set(body);
    return view;
  };
  const bodies = { Buffer: () => body, Uint8Array: () => new Uint8Array(body), ArrayBuffer: () => new Uint8Array(body).buffer, shared };
  return { ...request, headers: shapes[how.headers](), body: bodies[how.body]() };
}

test('requests', () => {
  const seen = new Map();
  fc.assert(
    fc.property(REQUESTS, DRESSED, (request, how) => {
      const expected = saidByModel(request);
      for (const kore of engines) {
        assert.deepEqual(saidByUs(kore, dress(request, how)), expected);
      }
      seen.set(expected.reason, (seen.get(expected.reason) ?? 0) + 1);
    }),
    { numRuns: 4000, seed: 20241125 },
  );
  assert.deepEqual([...seen.keys()].sort(), [...REASONS].sort(), JSON.stringify([...seen]));
  assert.ok(seen.get('ok') > 1000, JSON.stringify([...seen]));
});

test('every byte in every place', () => {
  const settings = { secrets: ['a35974bdf1c769b8bb'], url: 'https://h.example/kore/', scheme: 'kore-sha256', maxBody: 1 << 20, maxDepth: 64 };
  const [form, json] = ['application/x-www-form-urlencoded', 'application/json'];
  const places = [
    ...['a%c=b', '%ca=b', '%c', 'a=%c', 'a=\xc3%c', 'a=b&%c=d'].map((place) => [form, place]),
    ...['{"a%c":1}', '{"a":"\\%c"}', '{"a":"\\u00e%c"}', '{"a":"\xe2\x82%c"}', '{"a":"\xe0%c\x80"}', '{"a":1%c}', '{"a":%c1}', '{"a":0%c1}', '{"a":t%cue}', '%c{"a":1}', '{"a":1}%c', '{"a"%c1}', '[1%c2]', '[%c]', '%c'].map((place) => [json, place]),
  ];
  const seen = new Map();
  const compare = (type, body, canonical) => {
    const headers = [
      ['content-type', type],
      ['kore-signature', model.sign(settings, settings.secrets[0], 'POST', canonical)],
    ];
    const request = { settings, method: 'POST', headers, body };
    const expected = saidByModel(request);
    for (const kore of engines) {
      assert.deepEqual(saidByUs(kore, request), expected, `${type} ${body.toString('latin1')}`);
    }
    seen.set(expected.reason, (seen.get(expected.reason) ?? 0) + 1);
  };
  for (const [type, place] of places) {
    for (let byte = 0; byte < 256; byte++) {
      const body = Buffer.from(place.replace('%c', String.fromCharCode(byte)), 'latin1');
      let canonical = body;
      try {
        canonical = type === json ? model.minify(body).canonical : body;
      } catch {
        // It is none.
      }
      compare(type, body, canonical);
    }
  }
  for (let byte = 32; byte < 127; byte++) {
    const letter = String.fromCharCode(byte);
    for (const type of [`application/json${letter}`, `application/json;${letter}`, `application/json; a${letter}=b`, `application/json; a=b${letter}`]) {
      compare(type, bytes('{}'), bytes('{}'));
    }
  }
  assert.ok(seen.get('ok') > 500);
  for (const said of ['form-first-key', 'form-control-character', 'form-not-utf8', 'content-type-confusion', 'nul-in-body']) {
    assert.ok(seen.get(said) > 0, said);
  }
});

test('minifyJson', () => {
  const seen = new Map();
  fc.assert(
    fc.property(fc.oneof(JSON_BODIES, mutated(JSON_BODIES), fc.uint8Array({ maxLength: 40 }).map(Buffer.from)), (text) => {
      let expected = '';
      let code = 'ok';
      try {
        expected = model.minify(text).canonical.toString('hex');
      } catch (error) {
        code = error.message;
      }
      for (const { minifyJson } of engines) {
        let found = '';
        const said = reason(() => {
          found = Buffer.from(minifyJson(text)).toString('hex');
        });
        assert.deepEqual([said, found], [code, expected]);
      }
      seen.set(code, (seen.get(code) ?? 0) + 1);
    }),
    { numRuns: 1500, seed: 20241125 },
  );
  assert.deepEqual([...seen.keys()].sort(), ['json-malformed', 'json-too-deep', 'ok']);
});

test('what is signed verifies, and nothing else is signed', () => {
  const settings = { secrets: ['a35974bdf1c769b8bb'], url: 'https://h.example/kore/', scheme: 'kore-sha256', maxBody: 1 << 20, maxDepth: 64 };
  const types = { json: 'application/json', form: 'application/x-www-form-urlencoded' };
  let [signed, refused] = [0, 0];
  fc.assert(
    fc.property(fc.oneof(JSON_BODIES, FORM_BODIES, mutated(JSON_BODIES), mutated(FORM_BODIES)), of(undefined, 'json', 'form'), (body, kind) => {
      const taken = kind ?? (/^[ \t\r\n\f]*[{[]/.test(body.toString('latin1')) ? 'json' : 'form');
      let canonical = body;
      try {
        canonical = taken === 'json' ? model.minify(body).canonical : body;
      } catch {
        // It is none.
      }
      const signature = model.sign(settings, settings.secrets[0], 'POST', canonical);
      const headers = [
        ['content-type', types[taken]],
        ['kore-signature', signature],
      ];
      const expected = saidByModel({ settings, method: 'POST', headers, body });
      for (const { Webhook } of engines) {
        const webhook = new Webhook(settings.secrets, settings.url);
        const contentType = kind && types[kind];
        assert.equal(
          reason(() => webhook.sign(body, { contentType })),
          expected.reason,
        );
        if (expected.reason === 'ok') {
          assert.equal(webhook.sign(body, { contentType }), signature);
          const sent = webhook.headers(body, { contentType, token: 'RQ1', date: '2024-07-03T14:40:58Z' });
          assert.equal(Buffer.from(webhook.verify(body, sent).body).toString('hex'), expected.body);
        }
      }
      if (expected.reason === 'ok') {
        signed += 1;
      } else {
        refused += 1;
      }
    }),
    { numRuns: 600, seed: 20241125 },
  );
  assert.ok(signed > 100 && refused > 100, `${signed} ${refused}`);
});

test('the model itself', () => {
  let compared = 0;
  for (const [name, scheme] of [
    ['cases', 'kore-sha256'],
    ['opt_in', 'kore-sha256'],
    ['rotation', 'kore-sha256'],
    ['hmac', 'hmac-sha256'],
  ]) {
    for (const given of load(name)) {
      if (/^(url|secret)-/.test(given.reason)) {
        continue;
      }
      const settings = { secrets: secrets(given), url: given.url, scheme, maxBody: 1 << 20, maxDepth: 64, ...options(given) };
      const request = { settings, method: given.method, headers: given.headers, body: Buffer.from(unhex(given.body)) };
      assert.equal(saidByModel(request).reason, given.reason, given.name);
      compared += 1;
    }
  }
  assert.ok(compared > 280, String(compared));
});

test('the extensions are real', () => {
  // Without the secret, the signature of a longer message: what the refusal of NUL bytes is for.
  const [prefix, body] = ['a35974bdf1c769b8bbPOSThttps://h.example/kore/', bytes('SimStatus=active')];
  const longer = glued(body, prefix.length);
  const known = createHash('sha256').update(prefix).update(body).digest();
  assert.equal(extend(known, longer, prefix.length), createHash('sha256').update(prefix).update(longer).digest('hex'));
});

/** SHA-256 (FIPS 180-4, section 6.2) of the rest of `longer`, going on from a known digest. */
function extend(digest, longer, before) {
  const suffix = bytes('&SimStatus=inactive');
  const length = before + longer.length;
  assert.equal((length - suffix.length) % 64, 0);
  const tail = glued(suffix, length - suffix.length).subarray(0, -suffix.length);
  let state = Array.from({ length: 8 }, (_, at) => digest.readUInt32BE(4 * at));
  for (let at = 0; at < tail.length; at += 64) {
    state = compress(state, tail.subarray(at, at + 64));
  }
  return state.map((word) => word.toString(16).padStart(8, '0')).join('');
}

const PRIMES = Array.from({ length: 310 }, (_, n) => n + 2).filter((n) => Array.from({ length: n - 2 }, (_, d) => d + 2).every((d) => n % d !== 0)).slice(0, 64);

/** The first 32 bits of the fractions of the primes' cube roots, in whole numbers. */
const CONSTANTS = PRIMES.map((prime) => {
  const wanted = BigInt(prime) << 96n;
  let [low, high] = [0n, 1n << 40n];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    [low, high] = middle ** 3n <= wanted ? [middle, high] : [low, middle - 1n];
  }
  return Number(low & 0xffffffffn);
});

function compress(state, block) {
  const rotate = (word, by) => (word >>> by) | (word << (32 - by));
  const words = Array.from({ length: 16 }, (_, at) => block.readUInt32BE(4 * at));
  for (let t = 16; t < 64; t++) {
    const s0 = rotate(words[t - 15], 7) ^ rotate(words[t - 15], 18) ^ (words[t - 15] >>> 3);
    const s1 = rotate(words[t - 2], 17) ^ rotate(words[t - 2], 19) ^ (words[t - 2] >>> 10);
    words.push((words[t - 16] + s0 + words[t - 7] + s1) | 0);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + CONSTANTS[t] + words[t]) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(t1 + t2) | 0, a, b, c, (d + t1) | 0, e, f, g];
  }
  return state.map((word, at) => (word + [a, b, c, d, e, f, g, h][at]) >>> 0);
}
