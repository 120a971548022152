// Hostile values of every argument: nothing but `VerificationError`, and `TypeError` for a wrong type.

import assert from 'node:assert/strict';
import test from 'node:test';
import { onBoth } from './support/engines.js';
import { anything, BODY, fixtures, NOW, URL_, utf8, WRONG } from './support/hostile.js';
import { reason, refusal } from './support/vectors.js';

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
