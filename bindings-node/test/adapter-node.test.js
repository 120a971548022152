// Plain `node:http`.

import http from 'node:http';
import { koreWebhook } from 'korewebhook/node';
import { adapterChecks } from './support/adapter-checks.js';
import { listen } from './support/http.js';

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
