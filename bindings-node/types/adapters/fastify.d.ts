import type { Webhook } from '../webhook.js';
import { type NodeRequest } from './node-request.js';
import { type ReceiveOptions } from './receive.js';
import type { Received } from './received.js';
export * from './common.js';
/** What the plugin uses of Fastify. */
export interface FastifyLike {
    removeAllContentTypeParsers(): unknown;
    addContentTypeParser(type: string, parser: (request: any, payload: any, done: (error: Error | null, body?: any) => void) => void): unknown;
    all(path: string, options: {
        errorHandler: (error: any, request: any, reply: any) => unknown;
    }, handler: (request: any, reply: any) => Promise<unknown>): unknown;
}
/** A request of Fastify's, as far as it is used here. */
export interface FastifyRequestLike {
    readonly raw: NodeRequest;
    body: unknown;
}
/** `url` is the path of the route, below the prefix of the plugin if there is one. */
export interface FastifyOptions extends ReceiveOptions {
    readonly url: string;
}
/**
 * A plugin for one callback URL. Its route reads the raw body, at most `webhook.maxBody` bytes, verifies it, calls the handler
 * and answers 204 once that is done. When the handler throws, it answers 503, and what was claimed is given back. From then on
 * `request.body` is the canonical body.
 *
 * Parsers that the application has, before or after it, are neither used nor changed. Its hooks run.
 */
export declare function koreWebhook<Req extends FastifyRequestLike = FastifyRequestLike>(webhook: Webhook, handler: (received: Received, request: Req) => void | Promise<void>, options: FastifyOptions): (app: FastifyLike) => Promise<void>;
