import type { Webhook } from '../webhook.js';
import { type ReceiveOptions } from './receive.js';
import type { Received } from './received.js';
export * from './common.js';
/**
 * A handler for one callback URL. It reads the raw body, at most `webhook.maxBody` bytes, verifies it, calls `handler` and
 * answers 204 once that is done, or with the `Response` that it returned. When it throws, the answer is 503; then, and when
 * its own answer is not 2xx, what was claimed is given back.
 *
 * Further arguments, such as those of Workers or the context of Next.js, are handed on. It looks at no path. It rejects with a
 * `BodyConsumedError` where the body was read before.
 */
export declare function koreWebhook<Rest extends unknown[] = []>(webhook: Webhook, handler: (received: Received, request: Request, ...rest: Rest) => Response | void | Promise<Response | void>, options?: ReceiveOptions): (request: Request, ...rest: Rest) => Promise<Response>;
