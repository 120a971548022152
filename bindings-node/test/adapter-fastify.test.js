// Fastify.

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import test from 'node:test';
import Fastify from 'fastify';
import { koreWebhook } from 'korewebhook/fastify';
import { Webhook } from 'korewebhook';
import { adapterChecks } from './support/adapter-checks.js';
import { send } from './support/http.js';
import { event, Shared } from './support/shared.js';
import { FORM, headersOf, SECRET, URL_ } from './support/signing.js';

const form = 'SimSid=HS01&SimStatus=active';

async function run(app) {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const close = () => {
    app.server.closeAllConnections();
    return app.close();
  };
  return { port: app.server.address().port, close };
}

async function start(shared, options) {
  const app = Fastify();
  app.setErrorHandler((error, request, reply) => {
    console.error(error);
    reply.code(500).send();
  });
  for (const [url, handler] of Object.entries(shared.handlers)) {
    app.register(koreWebhook(shared.webhook, handler, { url, ...options }));
  }
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request) => {
      for await (const chunk of request.raw) {
        void chunk;
      }
    });
    scope.register(koreWebhook(shared.webhook, shared.handlers['/kore/'], { url: '/consumed/', ...options }));
  });
  return run(app);
}

adapterChecks('Fastify', start);

test('parsers before and after, hooks, prefixes and other routes', async () => {
  const shared = new Shared();
  const app = Fastify({ bodyLimit: 10 });
  const hooks = [];
  const seen = [];
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (request, body, done) => done(null, body));
  app.addHook('preHandler', async (request) => {
    hooks.push(request.url);
  });
  app.register(
    koreWebhook(
      shared.webhook,
      (received, request) => {
        seen.push([request.params.name, Buffer.from(request.body).toString()]);
      },
      { url: '/kore/:name', guard: shared.guard, clock: shared.clock },
    ),
    { prefix: '/api' },
  );
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, (request, body, done) => done(null, body));
  app.post('/json', async (request) => request.body);
  const server = await run(app);
  try {
    const body = event('hooks');
    assert.equal((await send(server.port, '/api/kore/x', body.replaceAll(',', ' , '), headersOf(body))).status, 204);
    assert.equal((await send(server.port, '/api/kore/y', form, headersOf(form, { contentType: FORM }))).status, 204);
    assert.equal((await send(server.port, '/api/kore/z', form, headersOf(form, { contentType: 'text/plain' }))).status, 401);
    assert.deepEqual(seen, [['x', body], ['y', form]]);
    assert.deepEqual(hooks, ['/api/kore/x', '/api/kore/y', '/api/kore/z']);
    // The parsers of other routes are as they were.
    assert.equal((await send(server.port, '/json', '{"a":1}', { 'Content-Type': 'application/json' })).body, '{"a":1}');
    assert.equal((await send(server.port, '/json', '{"a":"123456789"}', { 'Content-Type': 'application/json' })).status, 413);
  } finally {
    await server.close();
  }
});

test('a body over the limit of Fastify and within that of the webhook', async () => {
  const webhook = new Webhook(SECRET, URL_, { maxBody: 3 << 20 });
  const app = Fastify();
  app.register(koreWebhook(webhook, () => {}, { url: '/kore/' }));
  const server = await run(app);
  try {
    const body = JSON.stringify(['x'.repeat(2 << 20)]);
    assert.equal((await send(server.port, '/kore/', body, headersOf(body))).status, 204);
  } finally {
    await server.close();
  }
});

test('a preParsing hook that passes the body on', async () => {
  const shared = new Shared();
  const app = Fastify();
  app.addHook('preParsing', async (request, reply, payload) => payload.pipe(new PassThrough()));
  app.register(koreWebhook(shared.webhook, shared.handlers['/kore/'], { url: '/kore/', ...shared.options() }));
  const server = await run(app);
  try {
    assert.equal((await send(server.port, '/kore/', event('piped'), headersOf(event('piped')))).status, 204);
    assert.deepEqual(shared.handled, ['piped']);
    assert.equal((await send(server.port, '/kore/', [' '.repeat(2001)], headersOf('{}'))).status, 413);
  } finally {
    await server.close();
  }
});

test('by inject, without a server', async () => {
  const shared = new Shared();
  const app = Fastify();
  app.register(koreWebhook(shared.webhook, shared.handlers['/kore/'], { url: '/kore/', ...shared.options() }));
  const body = event('injected');
  const reply = await app.inject({ method: 'POST', url: '/kore/', headers: headersOf(body), payload: body });
  assert.equal(reply.statusCode, 204);
  assert.equal((await app.inject({ method: 'POST', url: '/kore/', payload: body })).statusCode, 401);
  await app.close();
});

test('the path is needed', () => {
  const { webhook } = new Shared();
  for (const options of [undefined, {}, { url: 7 }]) {
    assert.throws(() => koreWebhook(webhook, () => {}, options), { name: 'TypeError', message: /^url must be the path/ });
  }
});
