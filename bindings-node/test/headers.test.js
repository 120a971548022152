// One verdict, whatever the headers come in.

import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { once } from 'node:events';
import test from 'node:test';
import { onBoth } from './support/engines.js';
import { load, reason, secrets, unhex } from './support/vectors.js';

/** A name and its values, as `IncomingHttpHeaders` have some of them. */
function lists(headers) {
  const found = {};
  for (const [name, value] of headers) {
    (found[name] ??= []).push(value);
  }
  return found;
}

function* generated(headers) {
  yield* headers;
}

// The shape, and whether it can hold a field twice.
const SHAPES = {
  pairs: [(headers) => headers, true],
  'frozen pairs': [(headers) => Object.freeze(headers.map((pair) => Object.freeze([...pair]))), true],
  rawHeaders: [(headers) => headers.flat(), true],
  generator: [generated, true],
  Map: [(headers) => new Map(headers), false],
  object: [Object.fromEntries, false],
  'object of lists': [lists, true],
  'object without a prototype': [(headers) => Object.assign(Object.create(null), Object.fromEntries(headers)), false],
  Headers: [(headers) => new Headers(headers), false],
  URLSearchParams: [(headers) => new URLSearchParams(headers), true],
};

/** Whether any server would pass them on: names are tokens without `_`, values visible ASCII without blanks at the edges. */
const plain = ({ headers }) =>
  headers.every(([name, value]) => /^[A-Za-z0-9-]+$/.test(name) && /^(?:[!-~](?:[ -~]*[!-~])?)?$/.test(value));

const CASES = load('cases').filter((given) => plain(given) && !/^(url|secret)-/.test(given.reason));
const repeats = ({ headers }) => new Set(headers.map(([name]) => name.toLowerCase())).size < headers.length;

test('the cases that servers pass on', () => {
  assert.equal(CASES.length, 269);
  assert.equal(CASES.filter((given) => given.reason === 'ok').length, 69);
  assert.ok(CASES.filter(repeats).length > 3);
});

for (const [shape, [make, holdsTwice]] of Object.entries(SHAPES)) {
  onBoth(test, `headers as ${shape}`, ({ Webhook }) => {
    let ran = 0;
    for (const given of CASES) {
      if (!holdsTwice && repeats(given)) {
        continue;
      }
      ran += 1;
      const webhook = new Webhook(secrets(given), given.url);
      const verify = () => webhook.verify(unhex(given.body), make(given.headers), { method: given.method });
      assert.equal(reason(verify), given.reason, given.name);
    }
    assert.equal(ran, holdsTwice ? CASES.length : CASES.filter((given) => !repeats(given)).length);
  });
}

onBoth(test, 'headers as a server of Node has them', async ({ Webhook }) => {
  const results = [];
  const server = createServer((incoming, outgoing) => {
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      const { given } = server;
      const webhook = new Webhook(secrets(given), given.url);
      const verify = (headers) => reason(() => webhook.verify(Buffer.concat(chunks), headers, { method: incoming.method }));
      results.push([given, verify(incoming.rawHeaders), verify(incoming.headersDistinct), verify(incoming.headers)]);
      outgoing.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  for (const given of CASES) {
    server.given = given;
    const body = Buffer.from(unhex(given.body));
    const { method } = given;
    // As they are, and what is hop by hop by Node. It takes no method but those that it knows.
    const headers = [...given.headers.flat(), 'Host', 'h.example', 'Content-Length', String(body.length)];
    if (!['POST', 'GET', 'PUT'].includes(method)) {
      continue;
    }
    const sent = request({ port, method, headers });
    sent.end(body);
    const [answer] = await once(sent, 'response');
    answer.resume();
    await once(answer, 'end');
  }
  server.close();
  assert.ok(results.length > 250, String(results.length));
  for (const [given, raw, distinct, joined] of results) {
    assert.equal(raw, given.reason, given.name);
    assert.equal(distinct, given.reason, given.name);
    // `headers` joins some fields that occur twice and drops others: refused by their form, or not seen.
    if (!repeats(given)) {
      assert.equal(joined, given.reason, given.name);
    }
  }
});

onBoth(test, 'names are compared in ASCII without case', ({ Webhook }) => {
  const webhook = new Webhook('secret', 'https://h.example/k/');
  const headers = webhook.headers('a=b');
  const said = (name) => {
    const { 'kore-signature': signature, ...others } = headers;
    return reason(() => webhook.verify('a=b', { ...others, [name]: signature }));
  };
  for (const name of ['kore-signature', 'Kore-Signature', 'KORE-SIGNATURE', 'kORE-sIGNATURE']) {
    assert.equal(said(name), 'ok', name);
  }
  for (const name of ['kore_signature', '\u212aore-signature', 'kore-\u017fignature', 'kore-\u0131gnature', ' kore-signature', 'kore-signature ', 'kore-signatur\u00e9', 'k\u00f6re-signature']) {
    assert.equal(said(name), 'signature-missing', name);
  }
});

onBoth(test, 'a letter that lower case turns into a k is none, wherever it stands', ({ Webhook, StandardWebhook }) => {
  const webhook = new Webhook('secret', 'https://h.example/k/');
  const { 'kore-idempotency-token': token, ...headers } = webhook.headers('a=b');
  assert.equal(webhook.verify('a=b', { ...headers, 'Kore-Idempotency-Token': token }).idempotencyToken, token);
  assert.equal(webhook.verify('a=b', { ...headers, 'kore-idempotency-to\u212aen': token }).idempotencyToken, null);
  const standard = new StandardWebhook(`whsec_${'QUJD'.repeat(8)}`);
  const said = (name) => reason(() => standard.verify('{}', { [name]: 'msg_1' }, { now: 1 }));
  assert.deepEqual([said('webhook-id'), said('Webhook-Id'), said('webhoo\u212a-id')], ['timestamp-format', 'timestamp-format', 'id-missing']);
});

onBoth(test, 'one name in two spellings is a duplicate', ({ Webhook }) => {
  const webhook = new Webhook('secret', 'https://h.example/k/');
  const twice = { 'kore-signature': '0'.repeat(64), 'Kore-Signature': '0'.repeat(64) };
  const said = (headers) => reason(() => webhook.verify('a=b', headers));
  assert.equal(said(twice), 'signature-duplicate');
  // Joined by a comma: refused all the same, by its form.
  assert.equal(said(new Headers(Object.entries(twice))), 'signature-format');
});

onBoth(test, 'only own fields of an object are headers', ({ Webhook }) => {
  const webhook = new Webhook('secret', 'https://h.example/k/');
  const headers = webhook.headers('a=b');
  assert.equal(reason(() => webhook.verify('a=b', Object.create(headers))), 'signature-missing');
  assert.equal(reason(() => webhook.verify('a=b', { ...headers, 'content-encoding': undefined })), 'ok');
});
