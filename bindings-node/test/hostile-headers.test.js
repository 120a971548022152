// Hostile headers: shapes that nobody expects, code that runs meanwhile, and very many of them.

import assert from 'node:assert/strict';
import test from 'node:test';
import { onBoth } from './support/engines.js';
import { anything, BODY, Broken, fixtures, MINIFIED, NOW, throws, untouchable, URL_, WRONG } from './support/hostile.js';
import { reason } from './support/vectors.js';

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
