// The test kit: requests that verify, signatures as Node's own hash has them, and nothing that changes from run to run.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { inspect } from 'node:util';
import { VerificationError, Webhook } from 'korewebhook';
import { koreWebhook } from 'korewebhook/fetch';
import {
  fixedClock,
  Kit,
  SAMPLE_SECRET,
  SAMPLE_TIME,
  SAMPLE_URL,
  sampleConnectionEvent,
  sampleEvents,
  sampleForm,
  signRequest,
} from 'korewebhook/testing';
import * as wasm from 'korewebhook/wasm';

const webhook = new Webhook(SAMPLE_SECRET, SAMPLE_URL);
const hash = (canonical) => createHash('sha256').update(`${SAMPLE_SECRET}POST${SAMPLE_URL}`).update(canonical).digest('hex');
const text = (bytes) => Buffer.from(bytes).toString();

test('samples are signed as KORE signs', () => {
  for (const sample of [sampleForm(), sampleEvents(), sampleConnectionEvent()]) {
    const canonical = sample.contentType === 'application/json' ? JSON.stringify(JSON.parse(text(sample.body))) : text(sample.body);
    const { method, headers, body } = signRequest(webhook, sample);
    assert.equal(method, 'POST');
    assert.equal(text(body), text(sample.body));
    assert.equal(headers['kore-signature'], hash(canonical));
    assert.equal(headers['content-type'], sample.contentType);
    assert.equal(headers.date, '2024-09-25T19:09:48Z');
    assert.deepEqual(Object.keys(headers).toSorted(), ['content-type', 'date', 'kore-idempotency-token', 'kore-signature', 'user-agent']);
    assert.equal(text(webhook.verify(body, headers).body), canonical);
    assert.deepEqual(signRequest(webhook, sample), { method, headers, body });
    assert.equal(new wasm.Webhook(SAMPLE_SECRET, SAMPLE_URL).verify(body, headers).key, webhook.verify(body, headers).key);
  }
  assert.deepEqual(webhook.warnings, []);
});

test("the form is that of KORE's documentation", () => {
  const expected =
    'ApiVersion=v1&SimUniqueName=my_super_sim&SimSid=HSab3f06be8f5d32caecb91e8a306c6c08' +
    '&SimStatus=active&AccountSid=AC3ba717b1d236e6c4a835e46130267eb4';
  assert.equal(text(sampleForm().body), expected);
  const changed = text(sampleForm({ SimStatus: 'inactive', SimUniqueName: 'a b', New: '1' }).body);
  assert.equal(changed, `${expected.replace('=active', '=inactive').replace('my_super_sim', 'a+b')}&New=1`);
});

test('events', () => {
  const { body, headers } = signRequest(webhook, sampleEvents(['a', 'b', 'c'], { subject: 's' }));
  const events = webhook.verify(body, headers).events();
  assert.deepEqual(events.map(({ id, subject, time }) => [id, subject, Number(time)]), ['a', 'b', 'c'].map((id) => [id, 's', SAMPLE_TIME]));
  const signed = signRequest(webhook, sampleConnectionEvent('x', { apn: 'other' }));
  const [event] = webhook.verify(signed.body, signed.headers).events();
  assert.deepEqual([event.kind, event.id, event.eventSid, event.apn, event.imsi], ['connection', 'x', 'x', 'other', '732123000000001']);
});

test('what is given is sent', () => {
  const date = new Date('2024-07-03T14:40:58Z');
  const { headers } = signRequest(webhook, '{}', { contentType: 'application/cloudevents+json', token: 'T', date });
  assert.equal(headers['content-type'], 'application/cloudevents+json');
  assert.deepEqual([headers['kore-idempotency-token'], headers.date], ['T', '2024-07-03T14:40:58Z']);
  const form = signRequest(webhook, new TextEncoder().encode('a=1'), { date: '2024-07-03T14:40:58Z' });
  assert.match(form.headers['content-type'], /^application\/x-www-form-urlencoded/);
  assert.equal(form.headers['kore-signature'], hash('a=1'));
});

test('the same body is a retry', () => {
  const [one, same, other] = ['a=1', 'a=1', 'a=2'].map((body) => signRequest(webhook, body).headers['kore-idempotency-token']);
  assert.equal(one, same);
  assert.notEqual(one, other);
  assert.match(one, /^RQ[0-9a-f]{32}$/);
});

test('what would not verify is not signed', () => {
  for (const [body, contentType] of [['{"a":'], ['7', 'application/json'], ['a=\0']]) {
    assert.throws(() => signRequest(webhook, body, { contentType }), VerificationError);
  }
});

test('the clock stands still', () => {
  const clock = fixedClock();
  assert.deepEqual([Number(clock()), Number(clock())], [SAMPLE_TIME, SAMPLE_TIME]);
  clock().setTime(0);
  clock.advance(1.5);
  assert.equal(Number(clock()), SAMPLE_TIME + 1500);
  assert.equal(Number(fixedClock(new Date(7))()), 7);
  assert.equal(new Date(SAMPLE_TIME).toISOString(), '2024-09-25T19:09:48.584Z');
});

test('the kit, with an application that reads its configuration from the environment', async () => {
  const kit = new Kit();
  const before = { ...process.env };
  Object.assign(process.env, kit.env);
  const seen = [];
  const kore = koreWebhook(Webhook.fromEnv(), ({ events }) => void seen.push(...events.map(({ id }) => id)), {
    guard: kit.guard(),
    clock: kit.clock,
  });
  for (const name of Object.keys(kit.env)) {
    delete process.env[name];
  }
  Object.assign(process.env, before);
  const post = async (sample) => (await kore(new Request('https://h.example/', kit.sign(sample)))).status;
  const statuses = [await post(sampleEvents(['a'])), await post(sampleEvents(['a']))];
  kit.clock.advance(2 * 86400);
  statuses.push(await post(sampleEvents(['b'])));
  assert.deepEqual([statuses, seen], [[204, 204, 401], ['a']]);
  for (const shown of [inspect(kit, { depth: 9, showHidden: true }), JSON.stringify(kit)]) {
    assert.ok(shown.includes(SAMPLE_URL) && !shown.includes(SAMPLE_SECRET), shown);
  }
});
