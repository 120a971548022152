/**
 * Plain `node:http`, and whatever calls listeners as it does.
 *
 *     const listener = koreWebhook(Webhook.fromEnv(), async (received) => {
 *       for (const event of received.events) { … }
 *     }, { guard: new ReplayGuard() });
 *     createServer(listener).listen(8000);
 *
 * The listener answers every request that it is given, whatever its path: call it for the path that is registered.
 *
 * @module
 */
import type { Webhook } from '../webhook.js';
import { answer, serve, type NodeRequest, type NodeResponse } from './node-request.js';
import { Receiver, type ReceiveOptions } from './receive.js';
import type { Received } from './received.js';
import { complain } from './report.js';

export * from './common.js';
export type { NodeRequest, NodeResponse } from './node-request.js';

const CONSUMED =
  'the body of this request was read before it was verified: call this listener first, and let nothing before it read the request';

/**
 * A listener for one callback URL. It reads the raw body, at most `webhook.maxBody` bytes, verifies it, calls the handler and
 * answers 204 once that is done. When the handler throws, it answers 503, and what was claimed is given back.
 *
 * It never rejects. A body that was read before is answered with 500 and written by `console.error` as a
 * `BodyConsumedError`, unless its bytes were kept in `request.rawBody` or `request.body`.
 */
export function koreWebhook<Req extends NodeRequest = NodeRequest>(
  webhook: Webhook,
  handler: (received: Received, request: Req) => void | Promise<void>,
  options: ReceiveOptions = {},
): (request: Req, response: NodeResponse) => Promise<void> {
  const receiver = new Receiver(webhook, handler, options);
  return async (request, response) => {
    try {
      await serve(receiver, handler, request, response, CONSUMED);
    } catch (error) {
      // There is no framework to tell, and a rejection that nobody hears ends the process.
      complain('korewebhook: a request could not be handled:', error);
      answer(request, response, 500, true);
    }
  };
}
