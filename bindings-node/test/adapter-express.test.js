// Express 4 and 5.

import assert from 'node:assert/strict';
import http from 'node:http';
import test from 'node:test';
import express5 from 'express';
import express4 from 'express4';
import { koreWebhook } from 'korewebhook/express';
import { adapterChecks } from './support/adapter-checks.js';
import { listen, send } from './support/http.js';
import { event, Shared } from './support/shared.js';
import { FORM, headersOf } from './support/signing.js';

const form = 'SimSid=HS01&SimStatus=active';

for (const [name, express] of [
  ['Express 4', express4],
  ['Express 5', express5],
]) {
  adapterChecks(name, async (shared, options) => {
    const app = express();
    for (const [path, handler] of Object.entries(shared.handlers)) {
      app.all(path, koreWebhook(shared.webhook, handler, options));
    }
    app.use(express.json({ type: () => true }));
    app.all('/consumed/', koreWebhook(shared.webhook, shared.handlers['/kore/'], options));
    app.use((error, request, response, next) => {
      console.error(error);
      // A parser that comes first may refuse a body itself, by its own rules.
      response.status(error.code === 'body-consumed' ? 500 : error.status).end();
      if (!(error instanceof Error)) {
        next(error);
      }
    });
    return listen(http.createServer(app));
  });

  /** Asks an application with a parser before the route. */
  const behind = (parser, use) => async () => {
    const shared = new Shared();
    const app = express();
    app.use(parser);
    app.post('/kore/', koreWebhook(shared.webhook, shared.handlers['/kore/'], shared.options()));
    let seen;
    app.use((error, request, response, next) => {
      seen = error;
      response.status(500).end();
      void next;
    });
    const server = await listen(http.createServer(app));
    try {
      await use({ shared, port: server.port, error: () => seen });
    } finally {
      await server.close();
    }
  };

  for (const [parser, body, contentType] of [
    [express.json(), event('parsed'), 'application/json'],
    [express.urlencoded({ extended: false }), form, FORM],
    [express.text({ type: '*/*' }), form, FORM],
  ]) {
    test(
      `${name}: behind ${parser.name}`,
      behind(parser, async ({ shared, port, error }) => {
        assert.equal((await send(port, '/kore/', body, headersOf(body, { contentType }))).status, 500);
        assert.equal(error().name, 'BodyConsumedError');
        assert.equal(error().code, 'body-consumed');
        assert.match(error().message, /move this route above app\.use\(express\.json\(\)\)/);
        assert.deepEqual(shared.counters.snapshot(), {});
        // Chunked too.
        assert.equal((await send(port, '/kore/', [body], headersOf(body, { contentType }))).status, 500);
      }),
    );
  }

  test(
    `${name}: a parser that leaves other types alone does no harm`,
    behind(express.json(), async ({ shared, port }) => {
      assert.equal((await send(port, '/kore/', form, headersOf(form, { contentType: FORM }))).status, 204);
      assert.deepEqual(shared.handled, ['active']);
    }),
  );

  test(
    `${name}: express.raw() keeps the bytes, which are as good`,
    behind(express.raw({ type: '*/*', limit: '1mb' }), async ({ shared, port }) => {
      const body = event('raw');
      assert.equal((await send(port, '/kore/', ` ${body}`, headersOf(body))).status, 204);
      assert.deepEqual(shared.bodies, [body]);
      assert.equal((await send(port, '/kore/', `["${'x'.repeat(1997)}"]`, headersOf('[]'))).status, 413);
      assert.equal((await send(port, '/kore/', [`["${'x'.repeat(1997)}"]`], headersOf('[]'))).status, 413);
      assert.equal((await send(port, '/kore/', `${body} `, { ...headersOf(body), 'Kore-Signature': '0'.repeat(64) })).status, 401);
    }),
  );

  test(
    `${name}: so do platforms that keep request.rawBody`,
    behind(
      [
        express.json({
          verify: (request, response, bytes) => {
            request.rawBody = bytes;
          },
        }),
      ],
      async ({ shared, port }) => {
        const body = event('platform');
        assert.equal((await send(port, '/kore/', body.replaceAll(',', ' , '), headersOf(body))).status, 204);
        assert.deepEqual(shared.bodies, [body]);
      },
    ),
  );

  test(`${name}: what the handler gets, and a handler that answers by itself`, async () => {
    const shared = new Shared();
    const app = express();
    const seen = [];
    app.post(
      '/kore/:name/',
      koreWebhook(shared.webhook, (received, request) => {
        seen.push([request.params.name, received.delivery.format]);
      }),
    );
    app.post(
      '/own/',
      koreWebhook(shared.webhook, (received, request) => {
        request.res.status(202).end('early');
      }, shared.options()),
    );
    const server = await listen(http.createServer(app));
    try {
      assert.equal((await send(server.port, '/kore/x/', form, headersOf(form, { contentType: FORM }))).status, 204);
      assert.deepEqual(seen, [['x', 'form']]);
      const reply = await send(server.port, '/own/', form, headersOf(form, { contentType: FORM }));
      assert.deepEqual([reply.status, reply.body], [202, 'early']);
      assert.deepEqual(shared.counters.snapshot(), { accepted: 1 });
    } finally {
      await server.close();
    }
  });

  test(`${name}: middleware that waits before the route loses nothing`, async () => {
    const shared = new Shared();
    const app = express();
    app.use((request, response, next) => setImmediate(() => setImmediate(next)));
    app.post('/kore/', koreWebhook(shared.webhook, shared.handlers['/kore/'], shared.options()));
    const server = await listen(http.createServer(app));
    try {
      const body = event('waited');
      for (const sent of [body, [body.slice(0, 5), body.slice(5)]]) {
        assert.equal((await send(server.port, '/kore/', sent, headersOf(body))).status, 204);
      }
      assert.deepEqual(shared.handled, ['waited']);
    } finally {
      await server.close();
    }
  });
}
