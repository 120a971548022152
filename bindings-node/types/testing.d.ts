/**
 * For your own tests, with any runner: signed requests, sample deliveries and a clock that stands still. Nothing here is
 * random or reads the time.
 *
 *     const kit = new Kit();
 *     const response = await fetch(url, kit.sign(sampleForm({ SimStatus: 'inactive' })));
 *
 * @module
 */
import { type Body } from './bytes.js';
import { ReplayGuard, Webhook } from './index.js';
import type { ReplayGuardOptions } from './guard.js';
import type { DeliveryHeaders } from './webhook.js';
/** A secret for tests, long enough to give no warning. */
export declare const SAMPLE_SECRET = "test-secret-for-korewebhook";
/** A callback URL for tests. Nothing is sent to it. */
export declare const SAMPLE_URL = "https://hooks.example.com/kore/";
/** When the sample events happened, in milliseconds since 1970. A guard calls them `stale` by today's clock: give your adapter a `fixedClock()`. */
export declare const SAMPLE_TIME: number;
/** A body as KORE would send it, and its content type. */
export interface Sample {
    readonly body: Uint8Array<ArrayBuffer>;
    readonly contentType: string;
}
/** A POST as `fetch` and `new Request` take it; other clients take its parts. */
export interface SignedRequest {
    readonly method: 'POST';
    readonly headers: DeliveryHeaders & Record<string, string>;
    readonly body: Uint8Array<ArrayBuffer>;
}
/** What a request is signed with, beside the body. */
export interface SignOptions {
    /** By default, a body that begins with `{` or `[` is JSON, any other a form. */
    readonly contentType?: string | undefined;
    /** By default it depends on the body, so that the same body twice is a retry. */
    readonly token?: string | undefined;
    /** By default `SAMPLE_TIME`. */
    readonly date?: string | Date | undefined;
}
/** A clock for `clock`: it stands still until `advance` is called. */
export interface FixedClock {
    (): Date;
    /** Lets seconds pass. */
    advance(seconds: number): void;
}
/** A clock that stands still, by default at `SAMPLE_TIME`. */
export declare function fixedClock(start?: Date | number): FixedClock;
/**
 * A POST as KORE would send it to `webhook`, signed with its first secret: the body as it goes over the wire, and headers in
 * lower case. Throws `VerificationError` for a body that would not verify.
 */
export declare function signRequest(webhook: Webhook, body: Body | Sample, options?: SignOptions): SignedRequest;
/** The Super SIM callback of KORE's documentation, a SIM that changed its status. Further fields are added or replace its own. */
export declare function sampleForm(fields?: Readonly<Record<string, string>>): Sample;
/**
 * An Event Streams delivery: an array of CloudEvents with these ids. `members` are added to each or replace its own.
 *
 * As KORE sends it, with white space that is not signed.
 */
export declare function sampleEvents(ids?: readonly string[], members?: Readonly<Record<string, unknown>>): Sample;
/** One Super SIM connection event, the update of a data session. `data` is added to its data or replaces it. */
export declare function sampleConnectionEvent(id?: string, data?: Readonly<Record<string, unknown>>): Sample;
/** A webhook with its secret and URL, a clock that stands still, and signed requests. Make one for each test. */
export declare class Kit {
    #private;
    readonly webhook: Webhook;
    readonly clock: FixedClock;
    constructor(secret?: string, url?: string);
    /** What `Webhook.fromEnv()` reads, for `process.env`. */
    get env(): {
        KOREWEBHOOK_SECRET: string;
        KOREWEBHOOK_URL: string;
    };
    /** A new `ReplayGuard`; let the adapter have `clock` too. */
    guard(options?: ReplayGuardOptions): ReplayGuard;
    /** `signRequest` with this kit's webhook. */
    sign(body: Body | Sample, options?: SignOptions): SignedRequest;
    toJSON(): {
        url: string;
    };
}
