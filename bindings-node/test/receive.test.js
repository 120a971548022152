// What all adapters share, where a real server can't easily be brought: every outcome, stores with trouble, options, reports.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import { inspect } from 'node:util';
import { AlreadyCommitted, LostLease, ReplayGuard, StandardWebhook, Webhook } from 'korewebhook';
import * as wasm from 'korewebhook/wasm';
import { BodyConsumedError, Counters, koreWebhook, Received } from 'korewebhook/fetch';
import { fixedClock } from 'korewebhook/testing';
import { quiet, take } from './support/quiet.js';
import { event } from './support/shared.js';
import { headersOf, SECRET, URL_ } from './support/signing.js';

quiet();

const webhook = new Webhook(SECRET, URL_);
const POST = (body, changes = {}) =>
  new Request('https://elsewhere.example/', { method: 'POST', body, headers: { ...headersOf(body), ...changes } });

/** A guard that rejects or answers as told, and keeps what it was asked. */
class Store {
  asked = [];
  owners = new Set();

  constructor(answers = {}) {
    this.answers = answers;
  }

  #do(name, owner, otherwise) {
    this.asked.push(name);
    this.owners.add(Buffer.from(owner).toString('hex'));
    const answer = name in this.answers ? this.answers[name] : otherwise;
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  }

  async claim(keys, token, owner, now) {
    assert.deepEqual([owner.length, token, now], [16, 'RQ1', fixedClock()()]);
    return this.#do('claim', owner, keys.map(() => 'new'));
  }

  async commit(keys, owner) {
    return this.#do('commit', owner);
  }

  async release(keys, owner) {
    return this.#do('release', owner);
  }

  async renew(keys, owner) {
    return this.#do('renew', owner);
  }
}

/** One delivery: its status, what was reported, how often it was handled. */
async function run(guard, { body = event('e1'), handle = () => {}, ...options } = {}) {
  const counters = new Counters();
  const reported = [];
  let handled = 0;
  const handler = (received) => {
    handled++;
    return handle(received);
  };
  const onReject = (reason, { status }) => {
    reported.push([reason, status]);
  };
  const kore = koreWebhook(webhook, handler, { guard, counters, onReject, clock: fixedClock(), ...options });
  const { status } = await kore(POST(body));
  return { status, handled, reported, counts: counters.snapshot() };
}

const [N, D, R, C, P, S, E] = ['new', 'duplicate', 'repeat-body', 'conflict', 'in-progress', 'stale', 'store-error'];
for (const [outcomes, status, asked] of [
  [[N], 204, 'claim commit'],
  [[D], 204, 'claim'],
  [[R], 204, 'claim commit'],
  [[C], 204, 'claim'],
  [[P], 503, 'claim'],
  [[S], 401, 'claim'],
  [[E], 503, 'claim'],
  [[N, D, C, S], 204, 'claim commit'],
  [[D, C], 204, 'claim'],
  [[D, S], 401, 'claim'],
  [[N, P], 503, 'claim release'],
  [[R, D, E], 503, 'claim release'],
  [[S, P], 503, 'claim'],
]) {
  test(`${outcomes.join(', ')}: ${status}`, async () => {
    const guard = new Store({ claim: outcomes });
    const body = `[${outcomes.map((_, at) => event(`e${at}`)).join()}]`;
    const done = await run(guard, { body });
    assert.deepEqual([done.status, guard.asked.join(' ')], [status, asked]);
    assert.equal(done.handled, asked.includes('commit') ? 1 : 0);
    assert.deepEqual(
      done.reported,
      outcomes.filter((outcome) => outcome !== N && outcome !== R).map((outcome) => [outcome, status]),
    );
    assert.equal(done.counts['repeat-body'] ?? 0, outcomes.includes(R) ? 1 : 0);
    assert.equal(guard.owners.size, 1);
  });
}

test('what a handler throws or answers gives the claim back', async () => {
  for (const [handle, status] of [
    [() => { throw new RangeError('x'); }, 503],
    [async () => { throw new RangeError('x'); }, 503],
    [() => Promise.reject(undefined), 503],
    [() => new Response(null, { status: 200 }), 200],
    [() => new Response(null, { status: 304 }), 304],
    [() => new Response(null, { status: 404 }), 404],
    [() => Response.error(), 0],
  ]) {
    const guard = new Store();
    const done = await run(guard, { handle });
    assert.deepEqual([done.status, guard.asked.join(' ')], [status, status === 200 ? 'claim commit' : 'claim release']);
    assert.deepEqual(done.counts, status === 200 ? { accepted: 1 } : { 'accepted': 1, 'handler-failed': 1 });
  }
});

test('trouble with a store is never an acknowledgement', async () => {
  const disk = new Error('disk');
  for (const [answers, status, asked, reported] of [
    [{ claim: disk }, 503, 'claim release', [['store-error', 503]]],
    [{ claim: disk, release: disk }, 503, 'claim release', [['store-error', 503]]],
    [{ commit: disk }, 503, 'claim commit release', [['store-error', 503]]],
    [{ commit: disk, release: disk }, 503, 'claim commit release', [['store-error', 503]]],
    [{ commit: new LostLease(), release: new LostLease() }, 503, 'claim commit release', [['lost-lease', 503]]],
    [{ commit: new AlreadyCommitted() }, 204, 'claim commit', [['already-committed', 204]]],
    [{ claim: [] }, 503, 'claim release', [['store-error', 503]]],
    [{ claim: ['new', 'new'] }, 503, 'claim release', [['store-error', 503]]],
    [{ claim: ['unknown'] }, 503, 'claim release', [['store-error', 503]]],
    [{ claim: [null] }, 503, 'claim release', [['store-error', 503]]],
    [{ claim: undefined }, 503, 'claim release', [['store-error', 503]]],
    [{ claim: { 0: 'new', length: 1 } }, 503, 'claim release', [['store-error', 503]]],
  ]) {
    const guard = new Store(answers);
    const done = await run(guard);
    assert.deepEqual([done.status, guard.asked.join(' '), done.reported], [status, asked, reported]);
  }
});

test('trouble with a release hides no error', async () => {
  const handle = () => {
    throw new Error('x');
  };
  for (const [error, reason] of [[new LostLease(), 'lost-lease'], [new Error('disk'), 'store-error']]) {
    const done = await run(new Store({ release: error }), { handle });
    assert.deepEqual([done.status, done.reported], [503, [[reason, 503], ['handler-failed', 503]]]);
  }
});

test('a guard may be synchronous', async () => {
  const asked = [];
  const guard = {
    claim: (keys) => (asked.push('claim'), keys.map(() => 'new')),
    commit: () => void asked.push('commit'),
    release: () => void asked.push('release'),
    renew: () => void asked.push('renew'),
  };
  assert.equal((await run(guard)).status, 204);
  guard.commit = () => {
    throw new Error('disk');
  };
  assert.equal((await run(guard)).status, 503);
  assert.deepEqual(asked, ['claim', 'commit', 'claim', 'release']);
});

test('the guard of the package, on both engines', async () => {
  for (const engine of [{ ReplayGuard, Webhook }, wasm]) {
    const guard = new engine.ReplayGuard({ capacity: 1 });
    const handled = [];
    const rejected = [];
    const kore = koreWebhook(new engine.Webhook(SECRET, URL_), ({ events }) => void handled.push(...events.map(({ id }) => id)), {
      guard,
      onReject: (reason, { index, key }) => void rejected.push([reason, index, key.length]),
    });
    const answers = [];
    for (const id of ['e1', 'e1', 'e2']) {
      answers.push((await kore(POST(event(id)))).status);
    }
    assert.deepEqual([answers, handled], [[204, 204, 503], ['e1']]);
    assert.deepEqual(rejected, [['duplicate', 0, 64], ['store-error', 0, 64]]);
  }
});

test('the adapters of one kind of module take the objects of the other', async () => {
  const common = createRequire(import.meta.url);
  const { Webhook: Other, ReplayGuard: OtherGuard } = common('korewebhook');
  const { koreWebhook: other } = common('korewebhook/fetch');
  assert.notEqual(Other, Webhook);
  for (const [make, hook, guard] of [
    [koreWebhook, new Other(SECRET, URL_), new OtherGuard()],
    [other, webhook, new ReplayGuard()],
  ]) {
    const kore = make(hook, () => {}, { guard });
    const body = event('copies');
    assert.deepEqual(
      [(await kore(POST(body))).status, (await kore(POST(body))).status, (await kore(POST(body, { 'Kore-Signature': '' }))).status],
      [204, 204, 401],
    );
  }
});

test('100 deliveries at once are each handled once', async () => {
  const handled = [];
  const kore = koreWebhook(
    webhook,
    async ({ events }) => {
      await new Promise((resolve) => setImmediate(resolve));
      handled.push(events[0].id);
    },
    { guard: new ReplayGuard(), clock: fixedClock() },
  );
  const ids = Array.from({ length: 100 }, (_, at) => `e${at}`);
  const answers = await Promise.all([...ids, ...ids, ...ids].map((id) => kore(POST(event(id)))));
  assert.deepEqual(handled.toSorted(), ids.toSorted());
  assert.deepEqual([...new Set(answers.map(({ status }) => status))].toSorted(), [204, 503]);
});

test('of an array only what is new is handed on', async () => {
  const guard = new ReplayGuard();
  const seen = [];
  const kore = koreWebhook(webhook, (received) => void seen.push(received), { guard, clock: fixedClock() });
  await kore(POST(event('b')));
  const body = `[${event('a')},${event('b')},7,${event('c')},${event('a')}]`;
  await kore(POST(body, { 'Kore-Idempotency-Token': 'RQ2' }));
  const received = seen[1];
  assert.ok(received instanceof Received);
  assert.deepEqual(received.outcomes, ['new', 'duplicate', 'new', 'new', 'duplicate']);
  assert.deepEqual(received.events.map(({ index, id }) => [index, id]), [[0, 'a'], [3, 'c']]);
  assert.deepEqual(received.badEvents.map(({ index }) => index), [2]);
  assert.equal(received.delivery.events().length, 5);
  assert.equal(received.repeat, false);
  assert.match(inspect(received), /^<korewebhook\.Received json new duplicate new new duplicate key=[0-9a-f]{64}>$/);
});

test('without ids the whole body is one', async () => {
  const seen = [];
  const kore = koreWebhook(webhook, (received) => void seen.push(received), { guard: new ReplayGuard(), clock: fixedClock() });
  for (const token of ['RQ1', 'RQ2']) {
    await kore(POST('[{"a":1},{"b":2}]', { 'Kore-Idempotency-Token': token }));
  }
  assert.deepEqual(seen.map(({ outcomes, repeat }) => [...outcomes, repeat]), [['new', false], ['repeat-body', true]]);
  assert.deepEqual(seen[1].badEvents.map(({ reason }) => reason), ['id-missing', 'id-missing']);
  await kore(POST('[]'));
  assert.deepEqual([seen[2].events, seen[2].badEvents, seen[2].outcomes], [[], [], ['new']]);
});

test('without a guard everything is to be handled', async () => {
  const seen = [];
  const counters = new Counters();
  const kore = koreWebhook(webhook, (received) => void seen.push(received), { counters });
  const body = `[${event('a')},7,${event('b')}]`;
  for (let at = 0; at < 2; at++) {
    assert.equal((await kore(POST(body))).status, 204);
    assert.deepEqual(seen[at].events.map(({ id }) => id), ['a', 'b']);
    assert.deepEqual([seen[at].badEvents.length, seen[at].outcomes, seen[at].repeat], [1, [], false]);
  }
  assert.deepEqual(counters.snapshot(), { accepted: 2 });
});

test('the body is a Buffer, however it comes', async () => {
  const minified = event('buffer');
  const spaced = minified.replace('{', '{ ');
  for (const body of [minified, spaced]) {
    const bytes = new TextEncoder().encode(body);
    for (const chunks of [[bytes], [bytes.subarray(0, 5), bytes.subarray(5)], Array.from(bytes, (byte) => Uint8Array.of(byte))]) {
      let given;
      const kore = koreWebhook(webhook, ({ delivery }) => {
        given = delivery.body;
      });
      const request = new Request('https://elsewhere.example/', {
        method: 'POST',
        body: ReadableStream.from(chunks),
        duplex: 'half',
        headers: headersOf(minified),
      });
      assert.equal((await kore(request)).status, 204);
      assert.ok(given instanceof Buffer);
      assert.equal(given.toString(), minified);
    }
  }
});

test('a refusal tells why and nothing secret', async () => {
  const told = [];
  const kore = koreWebhook(webhook, () => {}, { onReject: (...parts) => void told.push(parts) });
  const body = '{"a":01}';
  await kore(POST(body, { 'Kore-Signature': '0'.repeat(64) }));
  const [[reason, context]] = told;
  assert.deepEqual([reason, context.url, context.status, context.method], ['json-malformed', URL_, 401, 'POST']);
  assert.deepEqual([context.number, context.detail, context.offset], [55, 'bad-number', 6]);
  await kore(POST(event('x'), { 'Kore-Signature': '0'.repeat(64) }));
  assert.deepEqual([told[1][0], told[1][1].number, told[1][1].detail], ['signature-mismatch', 71, null]);
  const text = inspect(told, { depth: 9 }) + JSON.stringify(told);
  assert.ok(!text.includes(SECRET) && !text.includes(headersOf(event('x'))['Kore-Signature']));
});

test('onReject and counters never change an answer, and their trouble is written', async () => {
  take();
  const broken = () => {
    throw new Error('broken');
  };
  for (const onReject of [broken, async () => broken(), () => Promise.reject(new Error('broken'))]) {
    const done = await run(new Store({ claim: ['duplicate'] }), { onReject });
    assert.equal(done.status, 204);
    await new Promise((resolve) => setImmediate(resolve));
    assert.match(take().join(), /^korewebhook: onReject failed for duplicate: Error: broken/);
  }
  const kore = koreWebhook(webhook, () => {}, { counters: { add: broken } });
  assert.equal((await kore(POST(event('counted')))).status, 204);
  assert.match(take().join(), /^korewebhook: counting accepted failed: Error: broken/);
});

test('what a handler throws is written where nobody is told', async () => {
  take();
  const kore = koreWebhook(webhook, () => {
    throw new Error('not this time');
  });
  assert.equal((await kore(POST(event('e1')))).status, 503);
  assert.match(take().join(), /^korewebhook: the handler failed: Error: not this time/);
});

test('trouble of the program with its guard is written where nobody is told', async () => {
  const own = new ReplayGuard();
  for (const [options, message] of [
    [{ guard: own, clock: () => 1e12 }, /TypeError: what clock returns must be a Date/],
    [{ guard: new Store({ claim: undefined }), clock: fixedClock() }, /TypeError: the guard gave no list of 1 outcomes/],
    [{ guard: new Store({ commit: new Error('disk') }), clock: fixedClock() }, /Error: disk/],
  ]) {
    take();
    assert.equal((await koreWebhook(webhook, () => {}, options)(POST(event('e1')))).status, 503);
    const said = take();
    assert.equal(said.length, 1);
    assert.match(said[0], /^korewebhook: a claim, commit or release failed: /);
    assert.match(said[0], message);
  }
  // An outcome is no mistake, and a client could fill a log with it.
  const full = koreWebhook(webhook, () => {}, { guard: new Store({ claim: ['store-error'] }), clock: fixedClock() });
  assert.equal((await full(POST(event('e1')))).status, 503);
  assert.deepEqual(take(), []);
});

test('what console.error can not show changes no answer', async () => {
  const unshown = {
    [inspect.custom]() {
      throw new Error('not to be looked at');
    },
  };
  const staged = Object.defineProperty(new Error('staged'), 'stack', {
    get() {
      throw new Error('not to be looked at');
    },
  });
  const unread = new Proxy(new Error('unread'), {
    get() {
      throw new Error('not to be looked at');
    },
    has() {
      throw new Error('not to be looked at');
    },
  });
  for (const value of [unshown, staged, unread]) {
    const broken = () => {
      throw value;
    };
    for (const [onReject, said] of [
      [undefined, 'korewebhook: the handler failed:'],
      [broken, 'korewebhook: onReject failed for handler-failed:'],
      [async () => broken(), 'korewebhook: onReject failed for handler-failed:'],
    ]) {
      take();
      const guard = new Store();
      const counters = new Counters();
      const done = await run(guard, { handle: broken, onReject, counters });
      assert.deepEqual([done.status, guard.asked.join(' ')], [503, 'claim release']);
      assert.deepEqual(counters.snapshot(), { 'accepted': 1, 'handler-failed': 1 });
      await new Promise((resolve) => setImmediate(resolve));
      const lines = take();
      assert.ok(lines.length === 1 && lines[0].startsWith(said), lines.join());
    }
    const guard = new Store();
    guard.commit = async () => {
      guard.asked.push('commit');
      broken();
    };
    const done = await run(guard, { onReject: undefined });
    assert.deepEqual([done.status, guard.asked.join(' ')], [503, 'claim commit release']);
  }
  take();
});

test('a guard that changes the order of the keys it is given gets an error', async () => {
  const guard = new Store();
  const given = [];
  guard.claim = async (keys) => {
    given.push(...keys);
    return keys.sort().map(() => 'new');
  };
  const handled = [];
  const done = await run(guard, { body: `[${event('a')},${event('b')}]`, handle: ({ events }) => void handled.push(...events) });
  assert.deepEqual([done.status, handled, done.reported], [503, [], [['store-error', 503]]]);
  // A copy is theirs to sort.
  guard.claim = async (keys) => [...keys].sort().map(() => 'new');
  assert.equal((await run(guard, { body: `[${event('a')},${event('b')}]` })).status, 204);
});

test('150,000 items', async () => {
  const body = `[${Array.from({ length: 150_000 }, (_, at) => `{"id":"${at}","source":"s","type":"t"}`).join()}]`;
  const large = new Webhook(SECRET, URL_, { maxBody: body.length });
  const guard = new Store();
  let items;
  const handle = ({ outcomes }) => {
    items = outcomes.length;
  };
  const kore = koreWebhook(large, handle, { guard, clock: fixedClock() });
  assert.equal((await kore(POST(body))).status, 204);
  assert.deepEqual([items, guard.asked.join(' ')], [150_000, 'claim commit']);
});

test('what fails after a claim gives it back', async () => {
  // A list that passes for one, and fails later.
  const guard = new Store({ claim: Object.assign(['new'], { reduce: undefined }) });
  const done = await run(guard);
  assert.deepEqual([done.status, done.handled, done.reported], [503, 0, [['store-error', 503]]]);
  assert.equal(guard.asked.join(' '), 'claim release');
});

test('counters', () => {
  const counters = new Counters();
  for (const reason of ['a', '__proto__', 'a', 'constructor']) {
    counters.add(reason);
  }
  const snapshot = counters.snapshot();
  assert.deepEqual(Object.entries(snapshot), [['a', 2], ['__proto__', 1], ['constructor', 1]]);
  snapshot.a = 0;
  assert.equal(counters.snapshot().a, 2);
  assert.equal(JSON.stringify(counters), '{"a":2,"__proto__":1,"constructor":1}');
});

test('what an adapter is made of is checked when it is made', () => {
  const handler = () => {};
  for (const [parts, message] of [
    [[undefined, handler], /^webhook must be a Webhook, not undefined/],
    [[{}, handler], /^webhook must be a Webhook, not object/],
    [[new StandardWebhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), handler], /^webhook must be a Webhook, not object/],
    [[webhook], /^handler must be a function, not undefined/],
    [[webhook, handler, { onreject: handler }], /^koreWebhook has no option of this name: it has guard, onReject, counters, clock$/],
    [[webhook, handler, { guard: {} }], /^guard must have claim, commit, release, renew$/],
    [[webhook, handler, { guard: null }], /^guard must have/],
    [[webhook, handler, { guard: ReplayGuard }], /^guard must have/],
    [[webhook, handler, { onReject: 'log' }], /^onReject must be a function, not string/],
    [[webhook, handler, { counters: {} }], /^counters\.add must be a function/],
    [[webhook, handler, { counters: null }], /^counters\.add must be a function/],
    [[webhook, handler, { clock: 7 }], /^clock must be a function, not number/],
    [[webhook, handler, null], /^options must be an object, not null/],
  ]) {
    assert.throws(() => koreWebhook(...parts), { name: 'TypeError', message }, inspect(parts));
  }
});

test('a clock that gives milliseconds is trouble, and not a time', async () => {
  const errors = [];
  const kore = koreWebhook(webhook, () => {}, {
    guard: new ReplayGuard(),
    clock: () => 1e12,
    onReject: (reason, { error }) => void errors.push([reason, error?.message]),
  });
  assert.equal((await kore(POST(event('e1')))).status, 503);
  assert.deepEqual(errors[0], ['store-error', 'what clock returns must be a Date, not number']);
});

test('the error about a consumed body', () => {
  const error = new BodyConsumedError('move it');
  assert.deepEqual([error.name, error.code, error.message, error instanceof Error], ['BodyConsumedError', 'body-consumed', 'move it', true]);
});
