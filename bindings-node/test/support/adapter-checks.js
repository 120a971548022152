// What every adapter does under every server. A test file brings the application; the routes are those of `Shared`.

import assert from 'node:assert/strict';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { LostLease } from 'korewebhook';
import { send, statuses, wire, Wire } from './http.js';
import { quiet, take } from './quiet.js';
import { event, gate, Shared } from './shared.js';
import { FORM, headersOf, signature } from './signing.js';

const PATH = '/kore/';

/**
 * The tests. `start` makes the application of a `Shared`, with the routes `shared.handlers` and `/consumed/`, whose body
 * somebody else reads first, and gives its port and `close`.
 */
export function adapterChecks(name, start, { twice = 'signature-duplicate' } = {}) {
  quiet();

  /** One application for each test. */
  const check = (title, run, options = {}) =>
    test(`${name}: ${title}`, async () => {
      const shared = new Shared();
      const server = await start(shared, shared.options(options));
      const post = (path, body, changes = {}, token) => send(server.port, path, body, { ...headersOf(String(body), { token }), ...changes });
      try {
        await run({ shared, server, post, port: server.port });
      } finally {
        shared.go.open();
        await server.close();
      }
    });

  check('an accepted delivery gets 204', async ({ shared, post }) => {
    const reply = await post(PATH, event('accepted'));
    assert.deepEqual([reply.status, reply.body], [204, '']);
    assert.equal(shared.times('accepted'), 1);
    assert.deepEqual(shared.counters.snapshot(), { accepted: 1 });
  });

  check('white space is not signed and not handed on', async ({ shared, port }) => {
    const body = event('pretty');
    const reply = await send(port, PATH, body.replaceAll(',', ' ,\r\n\t'), headersOf(body));
    assert.equal(reply.status, 204);
    assert.deepEqual(shared.bodies, [body]);
  });

  check('the URL is that of the configuration, whatever host and path are', async ({ shared, port }) => {
    const body = event('elsewhere');
    assert.equal((await send(port, `${PATH}?a=b`, body, { ...headersOf(body), 'Host': 'elsewhere.example' })).status, 204);
    assert.equal(shared.times('elsewhere'), 1);
  });

  check('a duplicate gets 204 and is handled once', async ({ shared, post }) => {
    for (let at = 0; at < 3; at++) {
      assert.equal((await post(PATH, event('twice'))).status, 204);
    }
    assert.equal(shared.times('twice'), 1);
    assert.deepEqual(shared.counters.snapshot(), { accepted: 1, duplicate: 2 });
  });

  check('an array comes without what was handled', async ({ shared, post }) => {
    await post(PATH, event('array-1'));
    assert.equal((await post(PATH, `[${event('array-1')},${event('array-2')},7]`)).status, 204);
    assert.deepEqual(shared.handled, ['array-1', 'array-2', 'bad not-an-object']);
  });

  check('the same id with other content gets 204 and is not handled', async ({ shared, post }) => {
    await post(PATH, event('conflict'));
    assert.equal((await post(PATH, event('conflict').replace('"source"', '"x":1,"source"'))).status, 204);
    assert.equal(shared.times('conflict'), 1);
    assert.equal(shared.count('conflict'), 1);
  });

  check('a form is handled and its repeat flagged', async ({ shared, port }) => {
    const body = 'SimSid=HS01&SimStatus=active';
    for (const token of ['RQ1', 'RQ1', 'RQ2']) {
      assert.equal((await send(port, PATH, body, headersOf(body, { contentType: FORM, token }))).status, 204);
    }
    assert.deepEqual(shared.handled, ['active', 'active repeat']);
    assert.deepEqual(shared.counters.snapshot(), { 'accepted': 2, 'duplicate': 1, 'repeat-body': 1 });
  });

  check('a stale event gets 401', async ({ shared, post }) => {
    const body = event('stale').replace('"source"', '"time":"2024-09-24T19:09:47Z","source"');
    assert.equal((await post(PATH, body)).status, 401);
    assert.deepEqual(shared.handled, []);
    assert.deepEqual(shared.rejected.map(({ reason, status }) => [reason, status]), [['stale', 401]]);
  });

  check('every refusal looks the same', async ({ shared, port }) => {
    const body = event('refused');
    const good = headersOf(body);
    const { 'Kore-Signature': signed, ...unsigned } = good;
    const asked = [
      [body, unsigned],
      [body, { ...good, 'Kore-Signature': '' }],
      [body, { ...good, 'Kore-Signature': '0'.repeat(64) }],
      [body, { ...good, 'Kore-Signature': signed.toUpperCase() }],
      [body, { ...good, 'Content-Type': 'text/plain' }],
      [body, { ...good, 'Content-Type': 'no type' }],
      [body, { ...good, 'Content-Type': 'application/json; charset=latin1' }],
      [body, { ...good, 'Content-Encoding': 'gzip' }],
      [gzipSync(body), { ...good, 'Content-Encoding': 'gzip' }],
      [body.replace('test', 'best'), good],
      [`${body}\0`, good],
      ['['.repeat(80), good],
      ['', good],
      [body, good, 'PUT'],
      [body, good, 'DELETE'],
      [null, good, 'GET'],
      [null, { 'Kore-Signature': signature('', { method: 'GET' }) }, 'GET'],
    ];
    const replies = [];
    for (const [sent, head, method] of asked) {
      replies.push(await send(port, PATH, sent, head, method));
    }
    for (const { status, headers, body: said } of replies) {
      assert.deepEqual({ status, headers, said }, { status: 401, headers: replies[0].headers, said: '' });
    }
    assert.equal((await send(port, PATH, null, good, 'HEAD')).status, 401);
    assert.deepEqual(shared.handled, []);
    assert.deepEqual(
      shared.rejected.map(({ reason }) => reason),
      [
        'signature-missing',
        'signature-empty',
        'signature-mismatch',
        'signature-format',
        'content-type',
        'content-type',
        'charset',
        'content-encoding',
        'nul-in-body',
        'signature-mismatch',
        'nul-in-body',
        'json-too-deep',
        'empty-body',
        'method-unsupported',
        'method-unsupported',
        'signature-mismatch',
        'get-disabled',
        'method-unsupported',
      ],
    );
    assert.ok(!JSON.stringify(shared.rejected).includes(signed));
  });

  check('a body over the bound gets 413', async ({ shared, post }) => {
    const most = `["${'x'.repeat(1996)}"]`;
    assert.equal((await post(PATH, most)).status, 204);
    const reply = await post(PATH, `["${'x'.repeat(1997)}"]`);
    assert.deepEqual([reply.status, reply.body, reply.connection], [413, '', 'close']);
    assert.deepEqual(shared.counters.snapshot(), { 'accepted': 1, 'body-too-large': 1 });
  });

  check('a large body is refused by its length', async ({ shared, port }) => {
    const sent = { ...headersOf('{}'), 'Content-Length': '1000000000' };
    const reply = await send(port, PATH, null, sent);
    assert.deepEqual([reply.status, reply.body, reply.connection], [413, '', 'close']);
    // The method comes first in the check order.
    assert.equal((await send(port, PATH, null, sent, 'PUT')).status, 401);
    // 2^63, which the server passes on, and what it refuses itself.
    assert.equal((await send(port, PATH, null, { ...sent, 'Content-Length': '9223372036854775808' })).status, 413);
    assert.equal((await send(port, PATH, null, { ...sent, 'Content-Length': '9'.repeat(30) })).status, 400);
    assert.deepEqual(shared.counters.snapshot(), { 'body-too-large': 2, 'method-unsupported': 1 });
  });

  check('a chunked body', async ({ shared, port }) => {
    const body = event('chunked');
    assert.equal((await send(port, PATH, [body.slice(0, 9), body.slice(9)], headersOf(body))).status, 204);
    assert.equal(shared.times('chunked'), 1);
  });

  check('a body of one-byte chunks, up to the bound and beyond', async ({ shared, port }) => {
    const body = `["${'x'.repeat(1996)}"]`;
    for (const [sent, status] of [[body, 204], [`${body} `, 413]]) {
      const client = await Wire.open(port);
      client.write(wire(PATH, '', { ...headersOf(body), 'Transfer-Encoding': 'chunked' }));
      client.write([...sent].map((letter) => `1\r\n${letter}\r\n`).join(''), '0\r\n\r\n');
      assert.deepEqual(statuses(await client.until(/\r\n\r\n/)), [status]);
      await client.destroy();
    }
    assert.deepEqual(shared.bodies, [body]);
  });

  check('a chunked body that does not end is refused where the bound is passed', async ({ shared, port }) => {
    const client = await Wire.open(port);
    client.write(wire(PATH, '', { ...headersOf('{}'), 'Transfer-Encoding': 'chunked' }));
    for (let at = 0; at < 3; at++) {
      client.write(`3e8\r\n${' '.repeat(1000)}\r\n`);
    }
    const received = await client.closed;
    assert.deepEqual(statuses(received), [413]);
    assert.match(received, /^connection: close\r$/im);
    assert.deepEqual(shared.counters.snapshot(), { 'body-too-large': 1 });
  });

  check('a request behind one that was too large is not answered', async ({ port }) => {
    const client = await Wire.open(port);
    const next = event('behind');
    client.write(
      wire(PATH, ' '.repeat(3000), { ...headersOf('{}'), 'Content-Length': 3000 }) +
        wire(PATH, next, { ...headersOf(next), 'Content-Length': next.length }),
    );
    assert.deepEqual(statuses(await client.closed), [413]);
  });

  check('pipelined requests are answered in their order, refusals too', async ({ shared, port }) => {
    const client = await Wire.open(port);
    const request = (id, changes = {}) => {
      const body = event(id);
      return wire(PATH, body, { ...headersOf(body), 'Content-Length': body.length, ...changes });
    };
    client.write(request('p1') + request('p2', { 'Kore-Signature': '0'.repeat(64) }) + request('p3'));
    await client.until(/(HTTP\/1\.1 [^]*){3}/);
    // The connection goes on, after a refusal too.
    client.write(request('p4', { 'Content-Type': 'text/plain' }));
    await client.until(/(HTTP\/1\.1 [^]*){4}/);
    client.write(request('p5'));
    assert.deepEqual(statuses(await client.until(/(HTTP\/1\.1 [^]*){5}/)), [204, 401, 204, 401, 204]);
    assert.deepEqual(shared.handled.toSorted(), ['p1', 'p3', 'p5']);
    await client.destroy();
  });

  check('headers that occur twice are seen', async ({ shared, port }) => {
    const body = event('double');
    const head = { ...headersOf(body), 'Content-Length': body.length };
    for (const changes of [
      { 'Kore-Signature': [head['Kore-Signature'], head['Kore-Signature']] },
      { 'Kore-Signature': ['0'.repeat(64), head['Kore-Signature']] },
      { 'Content-Type': ['application/json', 'application/json'] },
    ]) {
      const client = await Wire.open(port);
      client.write(wire(PATH, body, { ...head, ...changes }));
      assert.deepEqual(statuses(await client.until(/\r\n\r\n/)), [401]);
      await client.destroy();
    }
    assert.deepEqual(shared.handled, []);
    assert.deepEqual(shared.rejected.map(({ reason }) => reason), [twice, twice, 'content-type']);
  });

  check('trailers are not headers', async ({ shared, port }) => {
    const body = event('trailer');
    const { 'Kore-Signature': signed, ...head } = headersOf(body);
    const client = await Wire.open(port);
    const chunked = { ...head, 'Transfer-Encoding': 'chunked', 'Trailer': 'Kore-Signature' };
    client.write(wire(PATH, `${body.length.toString(16)}\r\n${body}\r\n0\r\nKore-Signature: ${signed}\r\n\r\n`, chunked));
    assert.deepEqual(statuses(await client.until(/\r\n\r\n/)), [401]);
    assert.deepEqual(shared.counters.snapshot(), { 'signature-missing': 1 });
    await client.destroy();
  });

  check('lengths that lie', async ({ shared, port }) => {
    const body = event('lies');
    const head = headersOf(body);
    // Too short: the rest of the body is no request, which the server says itself, before or after the adapter.
    const short = await Wire.open(port);
    short.write(wire(PATH, body, { ...head, 'Content-Length': 10 }));
    const answers = statuses(await short.closed);
    assert.ok(answers.length > 0 && answers.every((status) => status === 400 || status === 401), String(answers));
    // Two that differ, and one beside chunks: what the server itself refuses.
    for (const changes of [
      { 'Content-Length': [body.length, 5] },
      { 'Content-Length': body.length, 'Transfer-Encoding': 'chunked' },
    ]) {
      const client = await Wire.open(port);
      client.write(wire(PATH, body, { ...head, ...changes }));
      assert.deepEqual(statuses(await client.closed), [400]);
    }
    // Too long: the body never becomes complete.
    const long = await Wire.open(port);
    long.write(wire(PATH, body, { ...head, 'Content-Length': body.length + 1 }));
    await long.destroy();
    await shared.counted('disconnected', 1);
    assert.deepEqual(shared.handled, []);
  });

  check('a client that goes away in its body harms nothing', async ({ shared, server, post }) => {
    const body = event('gone');
    for (const head of [{ 'Content-Length': body.length }, { 'Transfer-Encoding': 'chunked' }]) {
      const gone = await Wire.open(server.port);
      gone.write(wire(PATH, '5\r\n{"id"\r\n', { ...headersOf(body), ...head }));
      await gone.destroy();
    }
    await shared.counted('disconnected', 2);
    assert.equal((await post(PATH, body)).status, 204);
    assert.deepEqual(shared.counters.snapshot(), { disconnected: 2, accepted: 1 });
  });

  check('a slow body', async ({ shared, port }) => {
    const body = event('slow-body');
    const client = await Wire.open(port);
    client.write(wire(PATH, '', { ...headersOf(body), 'Content-Length': body.length }));
    for (const letter of body) {
      client.write(letter);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(statuses(await client.until(/\r\n\r\n/)), [204]);
    assert.equal(shared.times('slow-body'), 1);
    await client.destroy();
  });

  check('a client that waits for 100 Continue', async ({ shared, port }) => {
    const body = event('expects');
    const client = await Wire.open(port);
    client.write(wire(PATH, '', { ...headersOf(body), 'Content-Length': body.length, 'Expect': '100-continue' }));
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.write(body);
    assert.deepEqual(statuses(await client.until(/204[^]*\r\n\r\n/)), [100, 204]);
    assert.equal(shared.times('expects'), 1);
    await client.destroy();
  });

  for (const route of ['/raises/', '/throws/', '/promises/']) {
    check(`a failure is handled anew: ${route}`, async ({ shared, post }) => {
      const replies = [];
      for (let at = 0; at < 3; at++) {
        replies.push(await post(route, event('fails')));
      }
      assert.deepEqual(replies.map(({ status, body }) => [status, body]), [[503, ''], [204, ''], [204, '']]);
      assert.equal(shared.times('fails'), 2);
      assert.deepEqual(shared.counters.snapshot(), { 'accepted': 2, 'handler-failed': 1, 'duplicate': 1 });
      const [{ reason, status, error }] = shared.rejected;
      assert.deepEqual([reason, status], ['handler-failed', 503]);
      assert.equal(error?.message, { '/raises/': 'not this time', '/promises/': 'what the handler returns must be undefined, when all is done, not an array' }[route]);
    });
  }

  check('a delivery in progress gets 503', async ({ shared, post }) => {
    const first = post('/slow/', event('slow'));
    await shared.begun.passed;
    // What is new beside it is given back, and handled with the retry.
    const both = `[${event('slow')},${event('beside')}]`;
    assert.equal((await post('/slow/', both)).status, 503);
    assert.equal(shared.times('beside'), 0);
    shared.go.open();
    assert.equal((await first).status, 204);
    assert.equal((await post('/slow/', both)).status, 204);
    assert.deepEqual(shared.handled, ['slow', 'beside']);
    assert.deepEqual(shared.rejected.map(({ reason, status }) => [reason, status]), [['in-progress', 503], ['duplicate', 204]]);
  });

  check('nothing is acknowledged before the handler is done', async ({ shared, port }) => {
    const body = event('held');
    const client = await Wire.open(port);
    client.write(wire('/slow/', body, { ...headersOf(body), 'Content-Length': body.length }));
    await shared.begun.passed;
    for (let turn = 0; turn < 20; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(client.received, '');
    shared.go.open();
    assert.deepEqual(statuses(await client.until(/\r\n\r\n/)), [204]);
    await client.destroy();
  });

  check('a handler that ends after its lease was taken over is not acknowledged', async ({ shared, post }) => {
    const late = post('/slow/', event('late'));
    await shared.begun.passed;
    shared.clock.advance(13);
    assert.equal((await post(PATH, event('late'))).status, 204);
    shared.go.open();
    assert.equal((await late).status, 503);
    assert.deepEqual(shared.rejected.map(({ reason, status }) => [reason, status]), [['lost-lease', 503]]);
    assert.equal((await post(PATH, event('late'))).status, 204);
    assert.equal(shared.count('duplicate'), 1);
  });

  check('a handler that ends late, and nobody came meanwhile, is acknowledged', async ({ shared, post }) => {
    const late = post('/slow/', event('late'));
    await shared.begun.passed;
    shared.clock.advance(13);
    shared.go.open();
    assert.equal((await late).status, 204);
    assert.equal((await post(PATH, event('late'))).status, 204);
    assert.equal(shared.times('late'), 1);
  });

  check('a client that goes away while its delivery is handled', async ({ shared, port, post }) => {
    const body = event('left');
    const client = await Wire.open(port);
    client.write(wire('/slow/', body, { ...headersOf(body), 'Content-Length': body.length }));
    await shared.begun.passed;
    await client.destroy();
    shared.go.open();
    await shared.counted('accepted', 1);
    // It was handled, so the retry is a duplicate.
    assert.equal((await post(PATH, body)).status, 204);
    assert.equal(shared.times('left'), 1);
  });

  check('a body that was read before is a clear error', async ({ shared, post }) => {
    for (const body of [event('consumed'), '{"id":']) {
      const reply = await post('/consumed/', body);
      assert.ok(reply.status >= 400 && reply.status !== 401, String(reply.status));
    }
    assert.match(take().join('\n'), /BodyConsumedError: the body of this request was read before it was verified/);
    assert.deepEqual(shared.handled, []);
  });

  const store = { asked: [], answers: {} };
  const ask = (name, keys) => {
    store.asked.push(name);
    const answer = store.answers[name];
    return answer instanceof Error ? Promise.reject(answer) : (answer ?? (name === 'claim' ? keys.map(() => 'new') : undefined));
  };
  const guard = Object.fromEntries(['claim', 'commit', 'release', 'renew'].map((method) => [method, (keys) => ask(method, keys)]));
  for (const [title, answers, status, asked, reasons] of [
    ['a claim fails', { claim: new Error('disk') }, 503, 'claim release', ['store-error']],
    ['a claim is no list', { claim: 'new' }, 503, 'claim release', ['store-error']],
    ['a commit fails', { commit: new Error('disk') }, 503, 'claim commit release', ['store-error']],
    ['a lease is lost', { commit: new LostLease() }, 503, 'claim commit release', ['lost-lease']],
    ['there is no room', { claim: ['store-error'] }, 503, 'claim', ['store-error']],
  ]) {
    check(
      `503 where ${title}`,
      async ({ shared, post }) => {
        Object.assign(store, { asked: [], answers });
        assert.equal((await post(PATH, event('e1'))).status, status);
        assert.equal(store.asked.join(' '), asked);
        assert.deepEqual(shared.rejected.map(({ reason }) => reason), reasons);
      },
      { guard },
    );
  }

  test(`${name}: nothing is acknowledged before the commit is done`, async () => {
    const shared = new Shared();
    const [asked, held] = [gate(), gate()];
    const slow = {
      claim: async (keys) => keys.map(() => 'new'),
      commit: async () => {
        asked.open();
        await held.passed;
      },
      release: async () => {},
      renew: async () => {},
    };
    const server = await start(shared, shared.options({ guard: slow }));
    try {
      const body = event('held');
      const client = await Wire.open(server.port);
      client.write(wire(PATH, body, { ...headersOf(body), 'Content-Length': body.length }));
      await asked.passed;
      for (let turn = 0; turn < 20; turn++) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.equal(client.received, '');
      held.open();
      assert.deepEqual(statuses(await client.until(/\r\n\r\n/)), [204]);
      await client.destroy();
    } finally {
      await server.close();
    }
  });
}
