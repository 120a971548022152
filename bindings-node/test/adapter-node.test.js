// Plain `node:http`, and `node:http2` where it looks the same.

import assert from 'node:assert/strict';
import http from 'node:http';
import http2 from 'node:http2';
import test from 'node:test';
import { koreWebhook } from 'korewebhook/node';
import { adapterChecks } from './support/adapter-checks.js';
import { listen, send, Wire, wire } from './support/http.js';
import { take } from './support/quiet.js';
import { event, Shared } from './support/shared.js';
import { headersOf } from './support/signing.js';

async function start(shared, options) {
  const listeners = new Map(
    Object.entries(shared.handlers).map(([path, handler]) => [path, koreWebhook(shared.webhook, handler, options)]),
  );
  listeners.set('/consumed/', async (request, response) => {
    for await (const chunk of request) {
      void chunk;
    }
    await listeners.get('/kore/')(request, response);
  });
  return listen(http.createServer((request, response) => listeners.get(request.url.split('?')[0])(request, response)));
}

adapterChecks('node:http', start);

test('HTTP/2, by the interface that looks like HTTP/1', async () => {
  const shared = new Shared();
  const server = http2.createServer(koreWebhook(shared.webhook, shared.handlers['/kore/'], shared.options()));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = http2.connect(`http://127.0.0.1:${server.address().port}`);
  const post = (body, changes = {}) =>
    new Promise((resolve, reject) => {
      const head = Object.fromEntries(Object.entries(headersOf(String(body))).map(([name, value]) => [name.toLowerCase(), value]));
      const stream = client.request({ ':method': 'POST', ':path': '/kore/', ...head, ...changes });
      let answer;
      stream.on('response', ({ ':status': status, connection }) => (answer = [status, connection]));
      stream.on('error', reject);
      // Also one whose body was not read to its end.
      stream.on('close', () => resolve(answer));
      stream.resume();
      stream.end(body);
    });
  try {
    assert.deepEqual(await post(event('h2')), [204, undefined]);
    assert.deepEqual(await post(event('h2'), { 'kore-signature': '0'.repeat(64) }), [401, undefined]);
    assert.deepEqual(await post(event('h2'), { 'kore-signature': ['0'.repeat(64), '1'.repeat(64)] }), [401, undefined]);
    assert.deepEqual(await post(' '.repeat(300_000)), [413, undefined]);
    assert.deepEqual(await post(' '.repeat(3000), { 'content-length': '3000' }), [413, undefined]);
    assert.deepEqual(await post(event('h2-2')), [204, undefined]);
    assert.deepEqual(shared.handled, ['h2', 'h2-2']);
  } finally {
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('HTTP/2: a client that resets its stream in its body has gone away', async () => {
  const shared = new Shared();
  const server = http2.createServer(koreWebhook(shared.webhook, shared.handlers['/kore/'], shared.options()));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = http2.connect(`http://127.0.0.1:${server.address().port}`);
  try {
    const asked = new Promise((resolve) => server.once('request', resolve));
    const stream = client.request({ ':method': 'POST', ':path': '/kore/', ...headersOf(event('reset')) });
    const closed = new Promise((resolve) => stream.once('close', resolve));
    stream.on('error', () => {});
    stream.write('{"id"');
    // Not `close`, which ends the body first.
    (await asked).once('data', () => stream.destroy());
    await closed;
    while (Object.keys(shared.counters.snapshot()).length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(shared.counters.snapshot(), { disconnected: 1 });
  } finally {
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('HTTP/2: what is wrong with the program is answered without headers of HTTP/1', async () => {
  const shared = new Shared();
  const kore = koreWebhook(shared.webhook, shared.handlers['/kore/'], shared.options());
  const server = http2.createServer((request, response) => {
    request.setEncoding('utf8');
    kore(request, response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = http2.connect(`http://127.0.0.1:${server.address().port}`);
  const warnings = [];
  const warned = ({ name }) => warnings.push(name);
  process.on('warning', warned);
  take();
  try {
    const stream = client.request({ ':method': 'POST', ':path': '/kore/', ...headersOf('{}') });
    const status = await new Promise((resolve, reject) => {
      stream.on('response', (head) => resolve(head[':status']));
      stream.on('error', reject);
      stream.end('{}');
    });
    assert.equal(status, 500);
    assert.match(take().join(), /BodyConsumedError/);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(warnings, []);
  } finally {
    process.off('warning', warned);
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('what is wrong with the program is answered with 500 and written, and ends no process', async () => {
  const shared = new Shared();
  const broken = Object.create(shared.webhook, {
    url: { value: 'https://h.example/' },
    maxBody: { value: 2000 },
    verify: {
      value() {
        throw new RangeError('no memory');
      },
    },
  });
  const server = await listen(http.createServer(koreWebhook(broken, () => {}, shared.options())));
  take();
  try {
    const reply = await send(server.port, '/', '{}', headersOf('{}'));
    assert.deepEqual([reply.status, reply.body, reply.connection], [500, '', 'close']);
    assert.match(take().join(), /^korewebhook: a request could not be handled: RangeError: no memory/);
  } finally {
    await server.close();
  }
});

test('a request that was over before the listener got it', async () => {
  const shared = new Shared();
  const kore = koreWebhook(shared.webhook, shared.handlers['/kore/'], shared.options());
  let done;
  const finished = new Promise((resolve) => (done = resolve));
  const server = await listen(
    http.createServer((request, response) => {
      request.on('close', () => setImmediate(() => kore(request, response).then(done)));
    }),
  );
  try {
    const client = await Wire.open(server.port);
    client.write(wire('/kore/', '{"id"', { ...headersOf('{}'), 'Content-Length': 90 }));
    await client.destroy();
    await finished;
    assert.deepEqual(shared.counters.snapshot(), { disconnected: 1 });
  } finally {
    await server.close();
  }
});

test('a body whose chunks are texts is no raw body', async () => {
  const shared = new Shared();
  const kore = koreWebhook(shared.webhook, shared.handlers['/kore/'], shared.options());
  const server = await listen(
    http.createServer((request, response) => {
      request.setEncoding('utf8');
      kore(request, response);
    }),
  );
  take();
  try {
    assert.equal((await send(server.port, '/kore/', event('text'), headersOf(event('text')))).status, 500);
    assert.match(take().join(), /^korewebhook: a request could not be handled: BodyConsumedError/);
  } finally {
    await server.close();
  }
});

test('an answer that is there already stays the only one', async () => {
  const shared = new Shared();
  const kore = koreWebhook(shared.webhook, shared.handlers['/slow/'], shared.options());
  const server = await listen(
    http.createServer((request, response) => {
      kore(request, response);
      shared.begun.passed.then(() => {
        response.writeHead(503).end('timed out');
        shared.go.open();
      });
    }),
  );
  try {
    const reply = await send(server.port, '/slow/', event('timed'), headersOf(event('timed')));
    assert.deepEqual([reply.status, reply.body], [503, 'timed out']);
    await shared.counted('accepted', 1);
  } finally {
    await server.close();
  }
});
