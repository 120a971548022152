/**
 * Express 4 and 5, and other frameworks whose middleware is called with request, response and `next`.
 *
 *     app.post('/kore/', koreWebhook(Webhook.fromEnv(), async (received) => {
 *       for (const event of received.events) { … }
 *     }, { guard: new ReplayGuard() }));
 *     app.use(express.json()); // after it
 *
 * @module
 */
import type { Webhook } from '../webhook.js';
import { serve, type NodeRequest, type NodeResponse } from './node-request.js';
import { Receiver, type ReceiveOptions } from './receive.js';
import type { Received } from './received.js';

export * from './common.js';
export type { NodeRequest, NodeResponse } from './node-request.js';

const CONSUMED =
  'the body of this request was read before it was verified: move this route above app.use(express.json()) and every other body parser, ' +
  "or mount those where this route isn't";

/**
 * A route handler for one callback URL. It reads the raw body, at most `webhook.maxBody` bytes, verifies it, calls the handler
 * and answers 204 once that is done. When the handler throws, it answers 503, and what was claimed is given back.
 *
 * Calls `next` with a `BodyConsumedError` where a parser came first, unless that has kept the raw bytes as `express.raw()`
 * does; else never.
 */
export function koreWebhook<Req extends NodeRequest = NodeRequest>(
  webhook: Webhook,
  handler: (received: Received, request: Req) => void | Promise<void>,
  options: ReceiveOptions = {},
): (request: Req, response: NodeResponse, next: (error?: any) => void) => Promise<void> {
  const receiver = new Receiver(webhook, handler, options);
  return async (request, response, next) => {
    try {
      await serve(receiver, handler, request, response, CONSUMED);
    } catch (error) {
      next(error);
    }
  };
}
