// What a call is put together of: texts of every length, the usual ones, many at once; by more than one copy and thread.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import test from 'node:test';
import { Worker } from 'node:worker_threads';
import * as native from 'korewebhook';
import { onBoth } from './support/engines.js';
import { reason } from './support/vectors.js';

const require = createRequire(import.meta.url);
const URL_ = 'https://h.example/kore/';
const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

/** By Node's own SHA-256. */
const signed = (secret, url, body, method = 'POST') => createHash('sha256').update(`${secret}${method}${url}${body}`).digest('hex');

const headers = (signature, type = FORM) => ({ 'content-type': type, 'kore-signature': signature });

onBoth(test, 'texts of every length', ({ Webhook }) => {
  for (const letter of ['s', 'é', '€', '\u{1f600}']) {
    for (let length = 1; length * Buffer.byteLength(letter) <= 1024; length++) {
      const [secret, url] = [letter.repeat(length), `${URL_}${'p'.repeat(length)}/`];
      const webhook = new Webhook(secret, url);
      assert.equal(webhook.sign('a=b'), signed(secret, url, 'a=b'));
      assert.equal(webhook.verify('a=b', headers(signed(secret, url, 'a=b'))).secretIndex, 0);
    }
  }
});

onBoth(test, 'a parameter of every length moves no other field', ({ Webhook }) => {
  const webhook = new Webhook('secret', URL_);
  const signature = signed('secret', URL_, '{}');
  for (const letter of ['x', 'é', '\ud800']) {
    for (let length = 0; length < 600; length++) {
      const type = `application/json; a="${letter.repeat(length)}"`;
      const said = reason(() => webhook.verify('{}', headers(signature, type)));
      assert.equal(said, letter === '\ud800' && length > 0 ? 'content-type' : 'ok', `${letter} ${length}`);
    }
  }
});

onBoth(test, 'texts that are usual elsewhere', ({ Webhook, signedUrl, parseDate }) => {
  for (const text of ['POST', 'application/json', FORM]) {
    const webhook = new Webhook(['other', text], URL_);
    const given = headers(signed(text, URL_, 'a=b'));
    assert.equal(webhook.verify('a=b', given).secretIndex, 1);
    assert.equal(webhook.verify('a=b', { ...given, 'kore-idempotency-token': text }).idempotencyToken, text === 'POST' ? text : null);
    assert.equal(reason(() => webhook.verify('a=b', { ...given, 'kore-signature': text })), 'signature-format');
    assert.equal(reason(() => webhook.verify('a=b', { ...given, 'content-encoding': text })), 'content-encoding');
    assert.equal(reason(() => webhook.verify('a=b', given, { method: text })), text === 'POST' ? 'ok' : 'method-unsupported');
    assert.equal(reason(() => signedUrl(text)), 'url-invalid');
    assert.equal(reason(() => parseDate(text)), 'date-format');
  }
});

onBoth(test, 'every secret of a ring, whatever it signed', ({ Webhook, EndpointOnly }) => {
  const secrets = Array.from({ length: 8 }, (_, index) => `secret-${index}`);
  const webhook = new Webhook(secrets, URL_, { allowGet: true });
  secrets.forEach((secret, index) => {
    const form = webhook.verify('a=b', headers(signed(secret, URL_, 'a=b')));
    const json = webhook.verify('[ 1 ]', headers(signed(secret, URL_, '[1]'), 'application/json'));
    const get = webhook.verify('', headers(signed(secret, URL_, '', 'GET')), { method: 'GET' });
    assert.deepEqual([form.secretIndex, form.format], [index, 'form']);
    assert.deepEqual([json.secretIndex, json.format], [index, 'json']);
    assert.ok(get instanceof EndpointOnly);
    assert.equal(get.secretIndex, index);
  });
});

onBoth(test, 'what every object has is no header', ({ Webhook }) => {
  const webhook = new Webhook('secret', URL_);
  const given = headers(signed('secret', URL_, 'a=b'));
  Object.prototype['content-encoding'] = 'gzip';
  try {
    assert.equal(reason(() => webhook.verify('a=b', given)), 'ok');
    assert.equal(reason(() => webhook.verify('a=b', Object.assign(Object.create(null), given))), 'ok');
    assert.equal(reason(() => webhook.verify('a=b', { ...given, 'content-encoding': 'gzip' })), 'content-encoding');
  } finally {
    delete Object.prototype['content-encoding'];
  }
  const hidden = Object.defineProperty({ ...given }, 'content-encoding', { value: 'gzip', enumerable: false });
  assert.equal(reason(() => webhook.verify('a=b', hidden)), 'ok');
});

test('two copies of the package in turn', () => {
  const copies = [native, require('korewebhook')];
  assert.notEqual(copies[0].Webhook, copies[1].Webhook);
  const webhooks = copies.map(({ Webhook }, copy) => new Webhook(`secret-${copy}`, URL_));
  for (let length = 1; length < 300_000; length *= 3) {
    for (const [copy, webhook] of webhooks.entries()) {
      const [minified, body] = [`["${'x'.repeat(length)}"]`, `[ "${'x'.repeat(length)}" ]`];
      const { [1 - copy]: other } = webhooks;
      const given = headers(signed(`secret-${copy}`, URL_, minified), `application/json; a="${'y'.repeat(length % 5000)}"`);
      assert.equal(Buffer.from(webhook.verify(body, given).body).toString(), minified);
      assert.equal(reason(() => other.verify(body, given)), 'signature-mismatch');
    }
  }
});

test('threads have an addon each, and may end at any time', async () => {
  const source = `const { parentPort } = require('node:worker_threads');
    const { Webhook, engine } = require('korewebhook');
    const webhook = new Webhook('secret', '${URL_}');
    const verify = () => webhook.verify('a=b', { 'content-type': '${FORM}', 'kore-signature': '${signed('secret', URL_, 'a=b')}' });
    parentPort.postMessage([engine, verify().secretIndex]);
    for (;;) verify();`;
  const workers = Array.from({ length: 4 }, () => new Worker(source, { eval: true }));
  assert.deepEqual(await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0])), Array(4).fill(['native', 0]));
  const webhook = new native.Webhook('secret', URL_);
  assert.equal(webhook.sign('a=b'), signed('secret', URL_, 'a=b'));
  await Promise.all(workers.map((worker) => worker.terminate()));
  assert.equal(webhook.sign('a=b'), signed('secret', URL_, 'a=b'));
});
