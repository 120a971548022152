/**
 * AWS Lambda behind API Gateway (payloads 1.0 and 2.0, function URLs) or an Application Load Balancer.
 *
 *     export const handler = koreWebhook(Webhook.fromEnv(), async (received) => {
 *       for (const event of received.events) { … }
 *     });
 *
 * `ReplayGuard` knows one process, and Lambda runs many: give it a guard over a store that all share. A REST API has to
 * treat every media type as binary, or the gateway alters what is not UTF-8.
 *
 * @module
 */
import { wrongType } from '../errors.js';
import type { Webhook } from '../webhook.js';
import { BodyConsumedError, nothing, Receiver, type ReceiveOptions } from './receive.js';
import type { Received } from './received.js';

export * from './common.js';

/** What is used of an event; it differs from one kind to the next. */
export interface LambdaEvent {
  readonly version?: string | undefined;
  readonly httpMethod?: string | undefined;
  readonly requestContext?: object | null | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null | undefined;
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean | undefined;
}

/** What Lambda is answered. */
export interface LambdaAnswer {
  statusCode: number;
  statusDescription?: string;
  headers?: Record<string, boolean | number | string>;
  multiValueHeaders?: Record<string, (boolean | number | string)[]>;
  body: string;
  isBase64Encoded?: boolean;
}

const CONSUMED =
  'the body of this event is no text any more: some middleware has parsed it; wrap the handler that Lambda calls, outermost, or have the ' +
  'middleware leave the body alone';
/** Headers of which KORE sends one each, and never with a comma: where payload 2.0 has one, it has joined two. */
const SINGLE: ReadonlySet<string> = new Set(['kore-signature', 'kore-idempotency-token', 'content-type', 'content-encoding']);
const PHRASES: Readonly<Record<number, string>> = {
  204: 'No Content',
  401: 'Unauthorized',
  413: 'Content Too Large',
  503: 'Service Unavailable',
};
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const encoder = new TextEncoder();

/**
 * A Lambda handler for one callback URL. It takes the raw body out of the event, verifies it, calls `handler` and answers 204
 * once that is done, or with the object with a `statusCode` that it returned. When it throws, the answer is 503; then, and
 * when its own answer is not 2xx, what was claimed is given back. The event that `handler` gets has the canonical body, as
 * text.
 *
 * It rejects with a `BodyConsumedError` where the body is no text, because something has parsed it before.
 */
export function koreWebhook<E extends LambdaEvent = LambdaEvent, C = unknown>(
  webhook: Webhook,
  handler: (received: Received, event: E, context: C) => LambdaAnswer | void | Promise<LambdaAnswer | void>,
  options: ReceiveOptions = {},
): (event: E, context: C) => Promise<LambdaAnswer> {
  const receiver = new Receiver(webhook, handler, options);
  return async (event, context) => {
    const [headers, method] = [headersOf(event), methodOf(event)];
    const early = refuseByLength(receiver, event, headers, method);
    if (early !== null) {
      return bare(event, early);
    }
    const handle = (received: Received) => handler(received, canonical(event, received), context);
    const { status, result } = await receiver.run(bodyOf(event), headers, method, handle, statusOf);
    return result ?? bare(event, status);
  };
}

function methodOf(event: LambdaEvent): string {
  const context = event.requestContext as { http?: { method?: unknown } } | null | undefined;
  const method = event.httpMethod ?? context?.http?.method;
  return typeof method === 'string' ? method : '';
}

function headersOf(event: LambdaEvent): [name: string, value: string][] {
  const multiple = event.multiValueHeaders;
  if (multiple) {
    // Payload 1.0 repeats the last of each in `headers`.
    return Object.entries(multiple).flatMap(([name, values]) => (values ?? []).map((value): [string, string] => [name, value]));
  }
  return Object.entries(event.headers ?? {}).flatMap(([name, value = '']) => {
    const joined = event.version === '2.0' && SINGLE.has(name.toLowerCase());
    return (joined ? value.split(',') : [value]).map((single): [string, string] => [name, single]);
  });
}

/** By what the text must at least hold. */
function refuseByLength(receiver: Receiver, { body, isBase64Encoded }: LambdaEvent, headers: [string, string][], method: string): number | null {
  if (typeof body !== 'string') {
    return null;
  }
  const least = isBase64Encoded === true ? Math.floor(body.length / 4) * 3 - 2 : body.length;
  return receiver.refuseByLength(String(Math.max(least, 0)), headers, method);
}

function bodyOf({ body, isBase64Encoded }: LambdaEvent): Uint8Array {
  if (body === null || body === undefined) {
    return new Uint8Array();
  }
  if (typeof body !== 'string') {
    throw new BodyConsumedError(CONSUMED);
  }
  if (isBase64Encoded !== true) {
    // A text that has no UTF-8 becomes a byte that no body may have, so that it is refused for that.
    return body.isWellFormed() ? encoder.encode(body) : Uint8Array.of(0xff);
  }
  if (body.length % 4 !== 0 || !BASE64.test(body)) {
    throw new BodyConsumedError(CONSUMED);
  }
  return Buffer.from(body, 'base64');
}

function canonical<E extends LambdaEvent>(event: E, { delivery }: Received): E {
  return { ...event, body: new TextDecoder().decode(delivery.body), isBase64Encoded: false };
}

function statusOf(result: LambdaAnswer | void): number {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    return nothing(result);
  }
  if (!Number.isInteger(result.statusCode)) {
    throw wrongType(result.statusCode, 'statusCode', 'a whole number');
  }
  return result.statusCode;
}

function bare(event: LambdaEvent, status: number): LambdaAnswer {
  return {
    statusCode: status,
    ...(event.requestContext && 'elb' in event.requestContext ? { statusDescription: `${status} ${PHRASES[status]}` } : {}),
    [event.multiValueHeaders ? 'multiValueHeaders' : 'headers']: {},
    body: '',
    isBase64Encoded: false,
  };
}
