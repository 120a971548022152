// Every list of `tests/vectors/` through the public interface, on both engines: counts, verdicts, names of reasons.

import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import test from 'node:test';
import { onBoth } from './support/engines.js';
import { Counter, HINTS, load, NUMBERS, options, reason, refusal, secrets, tohex, unhex } from './support/vectors.js';

// The core takes this secret raw; here a NUL in a secret is always refused.
const REFUSED_SECRETS = { hmac_key_zero_padded_equivalent: 'secret-nul' };

/** What is signed, for a case that is accepted: JSON without the white space outside of its strings. */
function expectedBody(body, headers) {
  if (!headers.some(([name, value]) => name.toLowerCase() === 'content-type' && value.toLowerCase().includes('json'))) {
    return Buffer.from(body);
  }
  const kept = [];
  let [quoted, escaped] = [false, false];
  for (const byte of body) {
    if (quoted || ![0x20, 0x09, 0x0a, 0x0d].includes(byte)) {
      kept.push(byte);
    }
    if (escaped) {
      escaped = false;
    } else if (byte === 0x5c) {
      escaped = true;
    } else if (byte === 0x22) {
      quoted = !quoted;
    }
  }
  return Buffer.from(kept);
}

function signature(scheme, secret, { url, method }, signed) {
  const message = Buffer.concat([Buffer.from(method + url.split('?')[0].split('#')[0]), signed]);
  const hash = scheme === 'hmac-sha256' ? createHmac('sha256', secret) : createHash('sha256').update(secret);
  return hash.update(message).digest('hex');
}

function judge({ Webhook }, given, scheme) {
  const webhook = new Webhook(secrets(given), given.url, { scheme, ...options(given) });
  return webhook.verify(unhex(given.body), given.headers, { method: given.method });
}

for (const [name, scheme, accepted, rejected] of [
  ['cases', 'kore-sha256', 70, 235],
  ['opt_in', 'kore-sha256', 3, 3],
  ['rotation', 'kore-sha256', 2, 4],
  ['hmac', 'hmac-sha256', 4, 4],
]) {
  onBoth(test, `deliveries: ${name}`, (kore) => {
    const counts = new Counter();
    for (const given of load(name)) {
      if (given.name in REFUSED_SECRETS) {
        assert.equal(
          reason(() => judge(kore, given, scheme)),
          REFUSED_SECRETS[given.name],
        );
        counts.add('refused secret');
        continue;
      }
      const error = refusal(() => judge(kore, given, scheme));
      assert.equal(error?.code ?? 'ok', given.reason, given.name);
      counts.add(given.expect);
      if (error !== null) {
        continue;
      }
      const verdict = judge(kore, given, scheme);
      const body = unhex(given.body);
      const signed = expectedBody(body, given.headers);
      const sent = given.headers.find(([header]) => header.toLowerCase() === 'kore-signature')[1];
      const by = secrets(given).map((secret) => signature(scheme, secret, given, signed));
      const index = by.indexOf(sent);
      assert.ok(index >= 0, given.name);
      assert.equal(verdict.secretIndex, index, given.name);
      if (given.method === 'GET') {
        assert.ok(verdict instanceof kore.EndpointOnly);
        continue;
      }
      assert.equal(tohex(verdict.body), tohex(signed), given.name);
      const webhook = new kore.Webhook(secrets(given)[index], given.url, { scheme, ...options(given) });
      const contentType = given.headers.find(([header]) => header.toLowerCase() === 'content-type')[1];
      assert.equal(webhook.sign(body, { contentType }), sent, given.name);
    }
    const { accept, reject, 'refused secret': refused = 0 } = counts.all;
    assert.deepEqual([accept, reject, refused], [accepted, rejected, name === 'hmac' ? 1 : 0]);
  });
}

onBoth(test, 'HMAC is not what KORE sends', (kore) => {
  const cases = load('cases').filter((given) => given.expect === 'accept');
  assert.equal(cases.length, 70);
  for (const given of cases) {
    assert.equal(
      reason(() => judge(kore, given, 'hmac-sha256')),
      'signature-mismatch',
      given.name,
    );
  }
});

onBoth(test, 'published by KORE', ({ Webhook }) => {
  const cases = load('kore_published');
  assert.equal(cases.length, 3);
  for (const given of cases) {
    const webhook = new Webhook(given.secret, given.url);
    const headers = { 'Kore-Signature': given.signature, 'Content-Type': given.content_type };
    assert.equal(webhook.verify(given.body, headers, { method: given.method }).secretIndex, 0);
    assert.equal(webhook.sign(given.body, { contentType: given.content_type }), given.signature);
    assert.equal(webhook.sign(given.body), given.signature);
    const sent = webhook.headers(given.body, { token: 'RQ1', date: '2024-07-03T14:40:58Z' });
    assert.equal(sent['kore-signature'], given.signature);
    assert.equal(webhook.verify(given.body, sent).idempotencyToken, 'RQ1');
  }
});

onBoth(test, 'bearer', ({ verifyBearer }) => {
  const counts = new Counter();
  for (const given of load('bearer')) {
    counts.add(given.expect);
    assert.equal(
      reason(() => verifyBearer(given.headers, given.token)),
      given.reason,
      given.name,
    );
  }
  assert.deepEqual(counts.all, { accept: 3, reject: 16 });
  const headers = { Authorization: 'Bearer abc' };
  assert.equal(verifyBearer(headers, ['other', Buffer.from('abc')]), 1);
  assert.equal(
    reason(() => verifyBearer(headers, [])),
    'secret-empty',
  );
  assert.equal(
    reason(() => verifyBearer(headers, 'a b')),
    'secret-format',
  );
});

onBoth(test, 'Standard Webhooks', ({ StandardWebhook }) => {
  const counts = new Counter();
  for (const given of load('standard_webhooks')) {
    counts.add(given.expect);
    const { now, tolerance } = given;
    const verify = () => new StandardWebhook(given.secret).verify(unhex(given.body), given.headers, { now, tolerance });
    assert.equal(reason(verify), given.reason, given.name);
  }
  assert.deepEqual(counts.all, { accept: 4, reject: 24 });
});

onBoth(test, 'Standard Webhooks, published', ({ StandardWebhook }) => {
  const cases = load('standard_webhooks_published');
  assert.equal(cases.length, 1);
  for (const { secret, id, timestamp, signature: signed, body } of cases) {
    const webhook = new StandardWebhook([`whsec_${'QUJD'.repeat(8)}`, secret]);
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signed };
    const said = (now, tolerance) => reason(() => webhook.verify(body, headers, { now, tolerance }));
    assert.deepEqual({ ...webhook.verify(body, headers, { now: timestamp }) }, { id, timestamp, secretIndex: 1 });
    assert.equal(new StandardWebhook(secret).sign(id, timestamp, body), signed);
    assert.equal(new StandardWebhook(secret).sign(id, new Date(timestamp * 1000), body), signed);
    assert.equal(said(new Date(timestamp * 1000)), 'ok');
    assert.deepEqual([said(timestamp + 300), said(timestamp - 300)], ['ok', 'ok']);
    assert.equal(said(timestamp + 300.001), 'timestamp-too-old');
    assert.equal(said(timestamp - 300.001), 'timestamp-too-new');
    assert.equal(said(timestamp + 1, 0), 'timestamp-too-old');
    // Without `now`, the clock's; here one that stands still.
    const { now: clock } = Date;
    try {
      for (const [seconds, said] of [[timestamp, 'ok'], [timestamp + 301, 'timestamp-too-old']]) {
        Date.now = () => seconds * 1000;
        assert.equal(
          reason(() => webhook.verify(body, headers)),
          said,
        );
      }
    } finally {
      Date.now = clock;
    }
  }
});

onBoth(test, 'dates', ({ parseDate }) => {
  const counts = new Counter();
  for (const given of load('dates')) {
    const error = refusal(() => parseDate(given.input));
    counts.add(error === null ? 'accept' : 'reject');
    if (error === null) {
      assert.equal(parseDate(given.input).getTime(), given.expect * 1000, given.name);
    } else {
      assert.equal(error.code, given.code, given.name);
    }
  }
  assert.deepEqual(counts.all, { accept: 7, reject: 39 });
});

onBoth(test, 'tokens', ({ Webhook }) => {
  const counts = new Counter();
  const webhook = new Webhook('a-secret-of-16-b', 'https://hooks.example.com/kore/');
  const headers = {
    'kore-signature': createHash('sha256').update('a-secret-of-16-bPOSThttps://hooks.example.com/kore/a=b').digest('hex'),
    'content-type': 'application/x-www-form-urlencoded',
  };
  for (const given of load('tokens')) {
    counts.add(given.expect);
    const delivery = webhook.verify('a=b', { ...headers, 'kore-idempotency-token': given.input });
    assert.equal(delivery.idempotencyToken, given.expect === 'ok' ? given.input : null, given.name);
  }
  assert.deepEqual(counts.all, { ok: 3, malformed: 8 });
});

onBoth(test, 'URLs', ({ signedUrl, Webhook }) => {
  const counts = new Counter();
  for (const given of load('url_canonicalization')) {
    const error = refusal(() => signedUrl(given.input));
    const built = refusal(() => new Webhook('secret', given.input));
    counts.add(error === null ? 'accept' : 'reject');
    if (error === null) {
      assert.equal(signedUrl(given.input), given.expect, given.name);
      assert.equal(new Webhook('secret', given.input).url, given.expect, given.name);
    } else {
      assert.deepEqual([error.code, error.detail], ['url-invalid', given.code], given.name);
      assert.deepEqual([built?.code, built?.detail], ['url-invalid', given.code], given.name);
    }
  }
  assert.deepEqual(counts.all, { accept: 32, reject: 32 });
});

onBoth(test, 'JSON', ({ minifyJson }) => {
  const counts = new Counter();
  for (const given of load('json_canonicalization')) {
    const text = unhex(given.input);
    const error = refusal(() => minifyJson(text));
    counts.add(error === null ? 'accept' : 'reject');
    if (error === null) {
      assert.equal(tohex(minifyJson(text)), given.expect, given.name);
    } else {
      const code = given.code === 'too-deep' ? 'json-too-deep' : 'json-malformed';
      assert.deepEqual([given.expect, error.code, error.detail], ['malformed', code, given.code], given.name);
      assert.ok(error.offset !== null && error.offset <= text.length, given.name);
    }
  }
  assert.deepEqual(counts.all, { accept: 61, reject: 138 });
});

onBoth(test, 'reasons', ({ reasons }) => {
  const column = (name) => Object.fromEntries(Object.entries(reasons).map(([code, row]) => [code, row[name]]));
  assert.equal(Object.keys(NUMBERS).length, 48);
  assert.deepEqual(column('number'), NUMBERS);
  assert.deepEqual(column('hint'), HINTS);
});

onBoth(test, 'keys', ({ Webhook }) => {
  const url = 'https://hooks.example.com/kore/';
  const ring = ['first-secret-0123', 'second-secret-012'];
  const webhook = new Webhook(ring, url);
  const cases = load('keys');
  assert.equal(cases.length, 5);
  for (const given of cases) {
    const contentType = given.format === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
    const headers = [['content-type', contentType]];
    const signed = expectedBody(Buffer.from(given.body), headers);
    ring.forEach((secret, index) => {
      const digest = createHash('sha256').update(`${secret}POST${url}`).update(signed).digest('hex');
      const delivery = webhook.verify(given.body, [...headers, ['kore-signature', digest]]);
      assert.equal(delivery.secretIndex, index);
      assert.deepEqual([delivery.key, delivery.format], [given.delivery, given.format], given.name);
      const keys = delivery.replayKeys().map((key) => ({
        key: key.key,
        content: key.hasId ? tohex(key.tag(null, new Uint8Array(16))) : null,
        time_ms: key.time === null ? null : key.time.getTime(),
      }));
      assert.deepEqual(keys, given.replay, given.name);
    });
  }
});
