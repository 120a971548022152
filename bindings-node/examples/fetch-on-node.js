// The handler of `fetch.js` on Node, with the server that Hono has for it.

import { serve } from '@hono/node-server';
import handler from './fetch.js';

const server = serve({ fetch: handler.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) }, ({ port }) => {
  console.log(`listening on port ${port}`);
});
server.requestTimeout = 10_000; // for a body that doesn't come
