import type { Webhook } from '../webhook.js';
import { type ReceiveOptions } from './receive.js';
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
/**
 * A Lambda handler for one callback URL. It takes the raw body out of the event, verifies it, calls `handler` and answers 204
 * once that is done, or with the object with a `statusCode` that it returned. When it throws, the answer is 503; then, and
 * when its own answer is not 2xx, what was claimed is given back. The event that `handler` gets has the canonical body, as
 * text.
 *
 * It rejects with a `BodyConsumedError` where the body is no text, because something has parsed it before.
 */
export declare function koreWebhook<E extends LambdaEvent = LambdaEvent, C = unknown>(webhook: Webhook, handler: (received: Received, event: E, context: C) => LambdaAnswer | void | Promise<LambdaAnswer | void>, options?: ReceiveOptions): (event: E, context: C) => Promise<LambdaAnswer>;
