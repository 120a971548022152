import { type Guard } from '../guard.js';
import type { HeadersInput } from '../headers.js';
import type { Webhook } from '../webhook.js';
import { Received } from './received.js';
import { Counters, Reporter, type OnReject } from './report.js';
/** What an adapter takes beside webhook and handler. */
export interface ReceiveOptions {
    /** What remembers deliveries that were handled. Without one, retries and replays are handled again. */
    readonly guard?: Guard | undefined;
    /** Is told why something was not handled. Without it, `console.error` writes what a handler, the guard or the clock throws. */
    readonly onReject?: OnReject | undefined;
    /** Where to count; several endpoints may share one. */
    readonly counters?: Counters | undefined;
    /** What time it is, for the guard and for tests. */
    readonly clock?: (() => Date) | undefined;
}
/** How a request is answered; with what the handler returned, where that stands. */
export interface Answer<R> {
    readonly status: number;
    readonly result?: R;
}
/** Somebody has read the body of the request before the adapter could, so nothing can be verified. The message says what to do. */
export declare class BodyConsumedError extends Error {
    readonly code = "body-consumed";
    constructor(message: string);
}
export declare const UNAVAILABLE = 503;
/** One endpoint. */
export declare class Receiver {
    #private;
    readonly webhook: Webhook;
    readonly report: Reporter;
    constructor(webhook: Webhook, handler: unknown, options: ReceiveOptions, others?: readonly string[]);
    /** What to answer to a body by its Content-Length alone, before any of it is read. What is no number is left to the server. */
    refuseByLength(length: string | null | undefined, headers: HeadersInput, method: string): number | null;
    /** From the raw body to the answer. Of a body that is too large, the first `maxBody` + 1 bytes are enough. */
    run<R>(body: Uint8Array, headers: HeadersInput, method: string, handle: (received: Received) => R | Promise<R>, statusOf: (result: R) => number): Promise<Answer<R>>;
}
/** For handlers that answer nothing themselves. */
export declare function nothing(result: unknown): number;
