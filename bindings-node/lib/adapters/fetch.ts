/**
 * Handlers of the Fetch API, `(Request) => Response`: Hono, Next.js, Workers, Deno, Bun.
 *
 *     const kore = koreWebhook(Webhook.fromEnv(), async (received) => {
 *       for (const event of received.events) { … }
 *     }, { guard: new ReplayGuard() });
 *
 *     app.post('/kore/', (c) => kore(c.req.raw));   // Hono
 *     export const POST = kore;                      // Next.js, app/kore/route.ts
 *     export default { fetch: kore };                // Workers
 *     Deno.serve(kore);  Bun.serve({ fetch: kore });
 *
 * @module
 */
import { isBytes } from '../bytes.js';
import { wrongType } from '../errors.js';
import type { Webhook } from '../webhook.js';
import { Collector } from './collector.js';
import { BodyConsumedError, nothing, Receiver, UNAVAILABLE, type ReceiveOptions } from './receive.js';
import type { Received } from './received.js';

export * from './common.js';

const CONSUMED =
  'the body of this request was read before it was verified: call this handler before request.json(), text() or formData(), or any ' +
  'middleware that does, with the request itself';

/**
 * A handler for one callback URL. It reads the raw body, at most `webhook.maxBody` bytes, verifies it, calls `handler` and
 * answers 204 once that is done, or with the `Response` that it returned. When it throws, the answer is 503; then, and when
 * its own answer is not 2xx, what was claimed is given back.
 *
 * Further arguments, such as those of Workers or the context of Next.js, are handed on. It looks at no path. It rejects with a
 * `BodyConsumedError` where the body was read before.
 */
export function koreWebhook<Rest extends unknown[] = []>(
  webhook: Webhook,
  handler: (received: Received, request: Request, ...rest: Rest) => Response | void | Promise<Response | void>,
  options: ReceiveOptions = {},
): (request: Request, ...rest: Rest) => Promise<Response> {
  const receiver = new Receiver(webhook, handler, options);
  return async (request, ...rest) => {
    const { method, headers } = request;
    const early = receiver.refuseByLength(headers.get('content-length'), headers, method);
    if (early !== null) {
      return bare(early, true);
    }
    const body = await read(receiver, request);
    if (body === null) {
      return bare(UNAVAILABLE, true);
    }
    const { status, result } = await receiver.run(body, headers, method, (received) => handler(received, request, ...rest), statusOf);
    return result ?? bare(status, body.length > receiver.webhook.maxBody);
  };
}

/** Up to one byte more than the bound, or `null` where the client went away. */
async function read(receiver: Receiver, request: Request): Promise<Uint8Array | null> {
  if (request.bodyUsed || request.body?.locked) {
    throw new BodyConsumedError(CONSUMED);
  }
  const reader = request.body?.getReader();
  const body = new Collector(receiver.webhook.maxBody + 1);
  while (reader !== undefined && !body.full) {
    let chunk: unknown;
    try {
      const { done, value } = await reader.read();
      if (done) {
        break;
      }
      chunk = value;
    } catch {
      receiver.report.count('disconnected');
      return null;
    }
    if (!isBytes(chunk)) {
      throw wrongType(chunk, 'a chunk of the body', 'a Uint8Array');
    }
    body.add(chunk);
  }
  if (body.full) {
    // Not awaited: some runtimes finish it only after the answer.
    reader?.cancel().catch(() => {});
  }
  return body.bytes;
}

function statusOf(result: Response | void): number {
  // By what it has: a runtime may have more than one class of this name.
  const like = typeof result === 'object' && result !== null && 'headers' in result && 'body' in result;
  const status: unknown = like ? result.status : undefined;
  return typeof status === 'number' ? status : nothing(result);
}

function bare(status: number, unread: boolean): Response {
  // Where a runtime keeps the connection in its own hands, the header is dropped.
  return new Response(null, { status, headers: unread ? { connection: 'close' } : {} });
}
