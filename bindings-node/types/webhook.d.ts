import { type Body } from './bytes.js';
import { Delivery, EndpointOnly } from './delivery.js';
import { VerificationError } from './errors.js';
import { type HeadersInput } from './headers.js';
import { type Secrets } from './secrets.js';
import { type Scheme } from './tables.js';
/** What a webhook allows beside the defaults. */
export interface WebhookOptions {
    /** What is signed and how; by default `kore-sha256`, which is what KORE sends. */
    readonly scheme?: Scheme | undefined;
    /** Accept a GET, as an `EndpointOnly`: nothing of its event is signed. */
    readonly allowGet?: boolean | undefined;
    /** Accept a POST without a body, whose signature is a constant of the endpoint. */
    readonly allowEmptyBody?: boolean | undefined;
    /** The longest body, in bytes; by default 1 MiB. */
    readonly maxBody?: number | undefined;
    /** The deepest JSON, from 1 to 64, which is the default. */
    readonly maxDepth?: number | undefined;
    /** What a body is that comes without a content type; by default it is refused. */
    readonly format?: 'json' | 'form' | undefined;
}
/** What works but helps an attacker. */
export type Warning = 'url-http' | 'url-bare-host' | 'secret-short';
/** The headers that KORE sends with a body. */
export interface DeliveryHeaders {
    'content-type': string;
    date: string;
    'kore-idempotency-token': string;
    'kore-signature': string;
    'user-agent': string;
}
/** One callback URL with its secrets. Immutable. */
export declare class Webhook {
    #private;
    /**
     * Takes a secret, or up to 8 of them around a rotation, and the URL exactly as registered with KORE. A secret has 1 to
     * 1,024 bytes.
     *
     * Throws `VerificationError`: `secret-*`, `too-many-secrets`, `url-invalid`, `invalid-argument`.
     */
    constructor(secret: Secrets, url: string, options?: WebhookOptions);
    /** Takes the secrets from `KOREWEBHOOK_SECRET`, where commas separate several, and the URL from `KOREWEBHOOK_URL`. */
    static fromEnv(options?: WebhookOptions): Webhook;
    /**
     * Verifies the raw body of a request against its headers.
     *
     * Throws `VerificationError` with the earliest reason in the check order, `TypeError` for a wrong type.
     */
    verify(body: Body, headers: HeadersInput, options?: {
        readonly method?: 'POST' | undefined;
    }): Delivery;
    verify(body: Body, headers: HeadersInput, options?: {
        readonly method?: string | undefined;
    }): Delivery | EndpointOnly;
    /** The error for a body over `maxBody` that was not read: `body-too-large`, or what outranks it. */
    refuseUnread(headers: HeadersInput, options?: {
        readonly method?: string | undefined;
    }): VerificationError;
    /**
     * The signature of a POST by the first secret, in hex. JSON is minified first.
     *
     * Without `contentType`, a body that begins with `{` or `[` is JSON. Throws `VerificationError` for what would not
     * verify.
     */
    sign(body: Body, options?: {
        readonly contentType?: string | undefined;
    }): string;
    /** The headers that KORE sends with such a body. A token is drawn and the date is now unless given. */
    headers(body: Body, options?: {
        readonly contentType?: string | undefined;
        readonly token?: string | undefined;
        readonly date?: string | Date | undefined;
    }): DeliveryHeaders;
    /** The part of the URL that is signed. */
    get url(): string;
    /** What is signed and how. */
    get scheme(): Scheme;
    /** The longest body, in bytes. */
    get maxBody(): number;
    /** What works but helps an attacker: `url-http`, `url-bare-host`, `secret-short`. Nothing is ever printed. */
    get warnings(): readonly Warning[];
    /** Without the secrets. */
    toJSON(): {
        secrets: number;
    };
}
