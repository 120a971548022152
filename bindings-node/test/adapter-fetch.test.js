// Handlers of the Fetch API: with Hono on its server for Node, and called as Workers, Deno and Next.js call them.

import assert from 'node:assert/strict';
import http from 'node:http';
import test from 'node:test';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { koreWebhook } from 'korewebhook/fetch';
import { adapterChecks } from './support/adapter-checks.js';
import { listen, send } from './support/http.js';
import { event, Shared } from './support/shared.js';
import { headersOf } from './support/signing.js';

function hono(shared, options) {
  const app = new Hono();
  for (const [path, handler] of Object.entries(shared.handlers)) {
    const kore = koreWebhook(shared.webhook, handler, options);
    app.all(path, (context) => kore(context.req.raw));
  }
  const kore = koreWebhook(shared.webhook, shared.handlers['/kore/'], options);
  app.all('/consumed/', async (context) => {
    await context.req.raw.text();
    return kore(context.req.raw);
  });
  app.onError((error, context) => {
    console.error(error);
    return context.body(null, 500);
  });
  return app;
}

// `Headers` joins what occurs twice, which is a signature of no known form.
adapterChecks('Hono', (shared, options) => listen(http.createServer(getRequestListener(hono(shared, options).fetch))), {
  twice: 'signature-format',
});

const POST = (body, headers = headersOf(body)) => new Request('https://elsewhere.example/x', { method: 'POST', body, headers });

test('a plain handler, its arguments and its own answers', async () => {
  const shared = new Shared();
  const seen = [];
  let own;
  const kore = koreWebhook(
    shared.webhook,
    async (received, request, env, context) => {
      seen.push([received.events[0].id, request.bodyUsed, env, context]);
      return own;
    },
    shared.options(),
  );
  const body = event('plain');
  own = new Response('not yet', { status: 500 });
  const failed = await kore(POST(body), { KV: 1 }, 'context');
  assert.deepEqual([failed.status, await failed.text()], [500, 'not yet']);
  own = new Response('done', { status: 202, headers: { 'x-own': '1' } });
  const done = await kore(POST(body), { KV: 1 }, 'context');
  assert.deepEqual([done.status, await done.text(), done.headers.get('x-own')], [202, 'done', '1']);
  assert.equal((await kore(POST(body))).status, 204);
  assert.deepEqual(seen, Array(2).fill(['plain', true, { KV: 1 }, 'context']));
  assert.deepEqual(shared.counters.snapshot(), { 'accepted': 2, 'handler-failed': 1, 'duplicate': 1 });
});

test('what a handler may not return', async () => {
  for (const wrong of [7, 'text', [], {}, () => {}, { status: '200' }, { status: 200, data: {} }, Symbol('s')]) {
    const shared = new Shared();
    const kore = koreWebhook(shared.webhook, () => wrong, shared.options());
    assert.equal((await kore(POST(event('e1')))).status, 503);
    assert.equal(shared.rejected[0].error.name, 'TypeError');
  }
  const shared = new Shared();
  const generator = koreWebhook(shared.webhook, async function* handler() {}, shared.options());
  assert.equal((await generator(POST(event('e1')))).status, 503);
});

test('no more is read than the bound, and the rest is given up', async () => {
  const shared = new Shared();
  const kore = koreWebhook(shared.webhook, shared.handlers['/kore/'], shared.options());
  let pulled = 0;
  let cancelled = false;
  const endless = new ReadableStream(
    {
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(500).fill(0x20));
      },
      cancel() {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  const request = new Request('https://h.example/', { method: 'POST', body: endless, headers: headersOf('{}'), duplex: 'half' });
  const reply = await kore(request);
  assert.deepEqual([reply.status, reply.headers.get('connection'), pulled, cancelled], [413, 'close', 5, true]);
});

test('a body that breaks off gets 503', async () => {
  const shared = new Shared();
  const kore = koreWebhook(shared.webhook, shared.handlers['/kore/'], shared.options());
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"id"'));
    },
    pull() {
      throw new Error('reset');
    },
  });
  const request = new Request('https://h.example/', { method: 'POST', body: broken, headers: headersOf('{}'), duplex: 'half' });
  assert.equal((await kore(request)).status, 503);
  assert.deepEqual(shared.counters.snapshot(), { disconnected: 1 });
});

test('a body that was read, or is being read, is a clear error', async () => {
  const shared = new Shared();
  const kore = koreWebhook(shared.webhook, shared.handlers['/kore/'], shared.options());
  const [read, held] = [POST('{}'), POST('{}')];
  await read.json();
  held.body.getReader();
  for (const request of [read, held]) {
    await assert.rejects(kore(request), { name: 'BodyConsumedError', code: 'body-consumed', message: /before request\.json\(\)/ });
  }
  // A copy of the request is as good.
  const original = POST(event('clone'));
  const copy = original.clone();
  await original.text();
  assert.equal((await kore(copy)).status, 204);
});

test('refusals look the same without a server too', async () => {
  const shared = new Shared();
  const kore = koreWebhook(shared.webhook, shared.handlers['/kore/'], shared.options());
  const body = event('same');
  const asked = [
    POST(body, {}),
    POST(`${body} x`),
    POST('', headersOf('')),
    new Request('https://h.example/', { headers: headersOf('') }),
    new Request('https://h.example/', { method: 'DELETE' }),
  ];
  for (const request of asked) {
    const reply = await kore(request);
    assert.deepEqual([reply.status, await reply.text(), [...reply.headers]], [401, '', []]);
  }
});

test('Hono: its context is handed on where it is given', async () => {
  const shared = new Shared();
  const kore = koreWebhook(shared.webhook, (received, request, context) => context.text(`got ${received.events[0].id}`, 201));
  const app = new Hono().post('/kore/', (context) => kore(context.req.raw, context));
  const server = await listen(http.createServer(getRequestListener(app.fetch)));
  try {
    const reply = await send(server.port, '/kore/', event('context'), headersOf(event('context')));
    assert.deepEqual([reply.status, reply.body], [201, 'got context']);
  } finally {
    await server.close();
  }
});

test('nothing of Node is needed', async () => {
  // As in a Worker: what is imported is looked at by its text.
  const { readFileSync } = await import('node:fs');
  const seen = new Set();
  const visit = (url) => {
    if (seen.has(url.href)) {
      return;
    }
    seen.add(url.href);
    const code = readFileSync(url, 'utf8');
    for (const [, name] of code.matchAll(/^(?:import|export) .*?from '([^']+)';$/gm)) {
      assert.ok(name.startsWith('./') || name.startsWith('../'), `${url.pathname} imports ${name}`);
      visit(new URL(name, url));
    }
    assert.doesNotMatch(code.replace(/\/\*[^]*?\*\/|\/\/.*/g, ''), /\b(?:require|process)\b/);
  };
  visit(new URL(import.meta.resolve('korewebhook/fetch')));
  assert.ok(seen.size > 5);
});
