/**
 * Fastify: a plugin with a route of its own, whose body no parser gets to see.
 *
 *     app.register(koreWebhook(Webhook.fromEnv(), async (received) => {
 *       for (const event of received.events) { … }
 *     }, { url: '/kore/', guard: new ReplayGuard() }));
 *
 * @module
 */
import { wrongType } from '../errors.js';
import type { Webhook } from '../webhook.js';
import { contentLength, giveUp, readRequest, type NodeRequest, type NodeStream } from './node-request.js';
import { nothing, Receiver, UNAVAILABLE, type ReceiveOptions } from './receive.js';
import type { Received } from './received.js';

export * from './common.js';

/** What the plugin uses of Fastify. */
export interface FastifyLike {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(type: string, parser: (request: any, payload: any, done: (error: Error | null, body?: any) => void) => void): unknown;
  all(
    path: string,
    options: { errorHandler: (error: any, request: any, reply: any) => unknown },
    handler: (request: any, reply: any) => Promise<unknown>,
  ): unknown;
}

/** A request of Fastify's, as far as it is used here. */
export interface FastifyRequestLike {
  readonly raw: NodeRequest;
  body: unknown;
}

interface FastifyReplyLike {
  readonly sent: boolean;
  code(status: number): this;
  header(name: string, value: string): this;
  send(): this;
}

/** `url` is the path of the route, below the prefix of the plugin if there is one. */
export interface FastifyOptions extends ReceiveOptions {
  readonly url: string;
}

const CONSUMED =
  'the body of this request was read before it was verified: let no onRequest or preParsing hook read it, or register the plugin of this ' +
  'webhook where those hooks are not';

/**
 * A plugin for one callback URL. Its route reads the raw body, at most `webhook.maxBody` bytes, verifies it, calls the handler
 * and answers 204 once that is done. When the handler throws, it answers 503, and what was claimed is given back. From then on
 * `request.body` is the canonical body.
 *
 * Parsers that the application has, before or after it, are neither used nor changed. Its hooks run.
 */
export function koreWebhook<Req extends FastifyRequestLike = FastifyRequestLike>(
  webhook: Webhook,
  handler: (received: Received, request: Req) => void | Promise<void>,
  options: FastifyOptions,
): (app: FastifyLike) => Promise<void> {
  if (typeof options?.url !== 'string') {
    throw wrongType(options?.url, 'url', 'the path of the route');
  }
  const { url } = options;
  const receiver = new Receiver(webhook, handler, options, ['url']);
  return async (app) => {
    // In this plugin alone: what a plugin adds or removes does not reach those around it.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_, payload: NodeStream, done) => done(null, payload));
    const route = (request: Req, reply: FastifyReplyLike) => serve(receiver, handler, request, reply);
    const errorHandler = (error: { code?: unknown }, request: Req, reply: FastifyReplyLike) => {
      if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
        return route(request, reply); // which has a reason for it, and the answer that all refusals get
      }
      throw error;
    };
    app.all(url, { errorHandler }, route);
  };
}

async function serve<Req extends FastifyRequestLike>(
  receiver: Receiver,
  handler: (received: Received, request: Req) => void | Promise<void>,
  request: Req,
  reply: FastifyReplyLike,
): Promise<unknown> {
  const { raw } = request;
  const method = raw.method ?? '';
  let status = receiver.refuseByLength(contentLength(raw), raw.rawHeaders, method);
  let unread = status !== null;
  if (status === null) {
    // The stream that a preParsing hook may have put in the place of the request; none where Fastify expects no body.
    const stream = isStream(request.body) ? request.body : raw;
    const body = await readRequest(receiver, request, stream, CONSUMED);
    unread = body === null || body.length > receiver.webhook.maxBody;
    if (body === null) {
      status = UNAVAILABLE;
    } else {
      const handle = (received: Received) => {
        request.body = received.delivery.body;
        return handler(received, request);
      };
      ({ status } = await receiver.run(body, raw.rawHeaders, method, handle, nothing));
    }
  }
  if (reply.sent) {
    return reply;
  }
  if (unread) {
    giveUp(raw, (name, value) => reply.header(name, value));
  }
  return reply.code(status).send();
}

function isStream(value: unknown): value is NodeStream {
  return typeof value === 'object' && value !== null && 'readableDidRead' in value;
}
