// Lambda behind API Gateway and a load balancer, by the events that they pass on.

import assert from 'node:assert/strict';
import test from 'node:test';
import { ReplayGuard, Webhook } from 'korewebhook';
import { Counters, koreWebhook } from 'korewebhook/aws';
import { fixedClock } from 'korewebhook/testing';
import { quiet } from './support/quiet.js';
import { event, gate } from './support/shared.js';
import { FORM, headersOf, SECRET, signature, URL_ } from './support/signing.js';
import { load, options, secrets } from './support/vectors.js';

quiet();

const BODY = event('lambda');
const lower = (sent) => Object.fromEntries(Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value]));
const lists = (sent) => Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, [value]]));

const KINDS = {
  /** An event of a REST API, whose `headers` hold the last of each only. */
  version1: (body, sent, { encoded = false, method = 'POST' } = {}) => ({
    resource: '/kore/',
    path: '/kore/',
    httpMethod: method,
    headers: { ...sent },
    multiValueHeaders: lists(sent),
    requestContext: { httpMethod: method, path: '/prod/kore/' },
    body,
    isBase64Encoded: encoded,
  }),
  /** An event of an HTTP API or a function URL: names in lower case, values of one name joined. */
  version2: (body, sent, { encoded = false, method = 'POST' } = {}) => ({
    version: '2.0',
    rawPath: '/kore/',
    headers: lower(sent),
    requestContext: { http: { method, path: '/kore/' } },
    isBase64Encoded: encoded,
    ...(body === null ? {} : { body }),
  }),
  /** An event of an Application Load Balancer. */
  balancer: (body, sent, { encoded = false, method = 'POST' } = {}) => ({
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:0:targetgroup/x/0' } },
    httpMethod: method,
    path: '/kore/',
    headers: lower(sent),
    body: body ?? '',
    isBase64Encoded: encoded,
  }),
  /** The same with multi-value headers switched on for the target group. */
  balancerMulti: (body, sent, options) => {
    const { headers, ...made } = KINDS.balancer(body, sent, options);
    return { ...made, multiValueHeaders: lists(headers) };
  },
};

/** A handler, and what it was called with. */
function endpoint(answer, { guarded = false, maxBody = 2000 } = {}) {
  const made = { calls: [], rejected: [], counters: new Counters(), answer };
  made.guard = guarded ? new ReplayGuard({ capacity: 16 }) : undefined;
  made.ask = koreWebhook(
    new Webhook(SECRET, URL_, { maxBody, allowGet: true }),
    async (received, given, context) => {
      assert.equal(context, 'context');
      made.calls.push({ received, event: given });
      if (made.answer instanceof Error) {
        throw made.answer;
      }
      return made.answer;
    },
    {
      guard: made.guard,
      counters: made.counters,
      clock: fixedClock(),
      onReject: (reason, context) => void made.rejected.push({ reason, ...context }),
    },
  );
  made.call = (given) => made.ask(given, 'context');
  return made;
}

const each = (title, run) => Object.entries(KINDS).forEach(([name, kind]) => test(`${title}: ${name}`, () => run(kind)));

each('an accepted delivery gets 204', async (kind) => {
  for (const encoded of [false, true]) {
    const made = endpoint();
    const wire = BODY.replaceAll(',', ' , ');
    const text = encoded ? Buffer.from(wire).toString('base64') : wire;
    const answer = await made.call(kind(text, headersOf(BODY), { encoded }));
    assert.deepEqual([answer.statusCode, answer.body, answer.isBase64Encoded], [204, '', false]);
    const [{ received, event: given }] = made.calls;
    assert.deepEqual([Buffer.from(received.delivery.body).toString(), given.body, given.isBase64Encoded], [BODY, BODY, false]);
    assert.deepEqual(received.events.map(({ id }) => id), ['lambda']);
    assert.deepEqual(made.counters.snapshot(), { accepted: 1 });
  }
});

each('text outside of ASCII is UTF-8', async (kind) => {
  const body = '{"name":"Größe 😀"}';
  assert.equal((await endpoint().call(kind(body, headersOf(body)))).statusCode, 204);
  const encoded = Buffer.from(body).toString('base64');
  assert.equal((await endpoint().call(kind(encoded, headersOf(body), { encoded: true }))).statusCode, 204);
});

each('every refusal looks the same', async (kind) => {
  const made = endpoint();
  const good = headersOf(BODY);
  const answers = [];
  for (const [body, sent, options] of [
    [BODY, {}],
    [BODY, { ...good, 'Kore-Signature': '0'.repeat(64) }],
    [BODY, { ...good, 'Content-Type': 'text/plain' }],
    [`${BODY} x`, good],
    ['\ud800', good],
    [null, good],
    [BODY, good, { method: 'HEAD' }],
    [null, { 'Kore-Signature': signature('', { method: 'GET' }) }, { method: 'GET' }],
  ]) {
    answers.push(await made.call(kind(body, sent, options)));
  }
  for (const answer of answers) {
    assert.deepEqual(answer, answers[0]);
  }
  assert.equal(answers[0].statusCode, 401);
  assert.deepEqual(made.calls, []);
  assert.deepEqual(
    made.rejected.map(({ reason }) => reason),
    [
      'signature-missing',
      'signature-mismatch',
      'content-type',
      'json-malformed',
      'json-malformed',
      'empty-body',
      'method-unsupported',
      'get-disabled',
    ],
  );
});

each('a balancer wants a description', async (kind) => {
  const isBalancer = kind === KINDS.balancer || kind === KINDS.balancerMulti;
  for (const [body, sent, phrase] of [
    [BODY, {}, '401 Unauthorized'],
    [BODY, headersOf(BODY), '204 No Content'],
    [' '.repeat(2001), headersOf(BODY), '413 Content Too Large'],
  ]) {
    const answer = await endpoint().call(kind(body, sent));
    assert.equal(answer.statusDescription, isBalancer ? phrase : undefined);
    assert.equal('multiValueHeaders' in answer, kind === KINDS.version1 || kind === KINDS.balancerMulti);
    assert.equal('headers' in answer, !('multiValueHeaders' in answer));
  }
});

test('two signatures are seen in every form', async () => {
  const sent = headersOf(BODY);
  const made = endpoint();
  const first = KINDS.version1(BODY, sent);
  first.multiValueHeaders['Kore-Signature'].push('0'.repeat(64));
  assert.equal((await made.call(first)).statusCode, 401);
  const joined = { ...sent, 'Kore-Signature': `${sent['Kore-Signature']},x` };
  assert.equal((await made.call(KINDS.version2(BODY, joined))).statusCode, 401);
  assert.deepEqual(made.rejected.map(({ reason }) => reason), ['signature-duplicate', 'signature-duplicate']);
});

test('the last header of payload 1.0 does not hide the first', async () => {
  const given = KINDS.version1(BODY, { ...headersOf(BODY), 'Kore-Signature': '0'.repeat(64) });
  given.headers['Kore-Signature'] = headersOf(BODY)['Kore-Signature'];
  assert.equal((await endpoint().call(given)).statusCode, 401);
});

each('a body over the bound gets 413', async (kind) => {
  for (const encoded of [false, true]) {
    for (const [size, status] of [[2000, 204], [2001, 413], [2002, 413], [2003, 413], [9000, 413]]) {
      const body = `["${'x'.repeat(size - 4)}"]`;
      const made = endpoint();
      const text = encoded ? Buffer.from(body).toString('base64') : body;
      assert.equal((await made.call(kind(text, headersOf(body), { encoded }))).statusCode, status, String(size));
      assert.equal(made.calls.length, status === 204 ? 1 : 0);
    }
  }
});

test('the bound is in bytes', async () => {
  const body = `["${'é'.repeat(1000)}"]`;
  assert.equal((await endpoint().call(KINDS.version2(body, headersOf(body)))).statusCode, 413);
});

each('a body that was parsed is a clear error', async (kind) => {
  for (const body of [{ id: 'parsed' }, ['parsed'], Buffer.from('bytes'), 7, true]) {
    await assert.rejects(endpoint().call(kind(body, headersOf(BODY))), { name: 'BodyConsumedError', message: /outermost/ });
  }
});

test('a body that is no base64 is a clear error', async () => {
  for (const text of ['{}', 'é', 'abc', 'ab=c', 'YWI\n', '====', 'YQ==YQ==', 'YQ=']) {
    await assert.rejects(endpoint().call(KINDS.version2(text, headersOf(BODY), { encoded: true })), { code: 'body-consumed' }, text);
  }
});

test("the handler's own answer stands", async () => {
  for (const answer of [{ statusCode: 202, body: 'mine' }, { statusCode: 200, headers: { a: 'b' } }]) {
    const made = endpoint(answer, { guarded: true });
    assert.equal(await made.call(KINDS.version2(BODY, headersOf(BODY))), answer);
    assert.equal((await made.call(KINDS.version2(BODY, headersOf(BODY)))).statusCode, 204);
    assert.equal(made.calls.length, 1);
  }
});

test('what a handler may not answer', async () => {
  for (const answer of ['text', 0, [Promise.resolve()], { json: 1 }, { statusCode: '200' }, { statusCode: 200.5 }]) {
    const made = endpoint(answer, { guarded: true });
    assert.equal((await made.call(KINDS.version2(BODY, headersOf(BODY)))).statusCode, 503);
    assert.equal(made.rejected[0].error.name, 'TypeError');
    made.answer = null;
    assert.equal((await made.call(KINDS.version2(BODY, headersOf(BODY)))).statusCode, 204);
    assert.equal(made.calls.length, 2);
  }
});

each('a duplicate is handled once', async (kind) => {
  const made = endpoint(undefined, { guarded: true });
  for (let at = 0; at < 3; at++) {
    assert.equal((await made.call(kind(BODY, headersOf(BODY)))).statusCode, 204);
  }
  assert.equal(made.calls.length, 1);
  assert.deepEqual(made.counters.snapshot(), { accepted: 1, duplicate: 2 });
});

test('a failure is handled anew', async () => {
  const made = endpoint(new Error('not this time'), { guarded: true });
  const sent = KINDS.version2(BODY, headersOf(BODY));
  assert.equal((await made.call(sent)).statusCode, 503);
  assert.deepEqual([made.rejected[0].reason, made.rejected[0].error.message], ['handler-failed', 'not this time']);
  made.answer = { statusCode: 500 };
  assert.equal((await made.call(sent)).statusCode, 500);
  made.answer = undefined;
  assert.equal((await made.call(sent)).statusCode, 204);
  assert.equal((await made.call(sent)).statusCode, 204);
  assert.equal(made.calls.length, 3);
  assert.deepEqual(made.counters.snapshot(), { 'accepted': 3, 'handler-failed': 2, 'duplicate': 1 });
});

test('in progress gets 503', async () => {
  const [begun, go] = [gate(), gate()];
  const guard = new ReplayGuard();
  const options = { guard, clock: fixedClock() };
  const handler = koreWebhook(
    new Webhook(SECRET, URL_),
    async () => {
      begun.open();
      await go.passed;
    },
    options,
  );
  const sent = KINDS.version2(BODY, headersOf(BODY));
  const first = handler(sent, undefined);
  await begun.passed;
  assert.equal((await handler(sent, undefined)).statusCode, 503);
  go.open();
  assert.equal((await first).statusCode, 204);
});

test('a form', async () => {
  const made = endpoint();
  const body = 'SimSid=HS01&SimStatus=ready';
  const text = Buffer.from(body).toString('base64');
  await made.call(KINDS.version1(text, headersOf(body, { contentType: FORM }), { encoded: true }));
  const [{ received }] = made.calls;
  assert.deepEqual([received.delivery.form().simStatus, received.events], ['ready', []]);
});

test('an event of another kind is refused', async () => {
  for (const given of [
    {},
    { version: '2.0' },
    { httpMethod: 'POST' },
    { httpMethod: 7 },
    { httpMethod: 'POST', headers: null, body: '{}', requestContext: null },
    { httpMethod: 'POST', headers: { 'kore-signature': undefined }, body: '{}' },
    { httpMethod: 'POST', multiValueHeaders: { 'kore-signature': null }, body: '{}' },
  ]) {
    assert.equal((await endpoint().call(given)).statusCode, 401, JSON.stringify(given));
  }
});

test('an event without its context', async () => {
  const made = endpoint();
  const given = { httpMethod: 'POST', headers: headersOf(BODY), body: BODY, requestContext: null };
  assert.equal((await made.call(given)).statusCode, 204);
});

test('every case of the lists, with the reason that it has in every language', async () => {
  let accepted = 0;
  const cases = ['cases', 'rotation'].flatMap((name) => load(name));
  for (const given of cases) {
    const reasons = [];
    let webhook;
    try {
      webhook = new Webhook(secrets(given), given.url, options(given));
    } catch ({ code }) {
      assert.equal(code, given.reason, given.name);
      continue;
    }
    const handler = koreWebhook(webhook, () => void accepted++, { onReject: (reason) => void reasons.push(reason) });
    const multiValueHeaders = {};
    for (const [name, value] of given.headers) {
      (multiValueHeaders[name] ??= []).push(value);
    }
    const body = Buffer.from(given.body, 'hex').toString('base64');
    const answer = await handler({ httpMethod: given.method, multiValueHeaders, body, isBase64Encoded: true }, undefined);
    assert.deepEqual(reasons, given.reason === 'ok' ? [] : [given.reason], given.name);
    const refused = given.reason === 'body-too-large' ? 413 : 401;
    assert.equal(answer.statusCode, given.reason === 'ok' ? 204 : refused, given.name);
  }
  assert.equal(accepted, cases.filter(({ reason }) => reason === 'ok').length);
  assert.ok(accepted > 50);
});
