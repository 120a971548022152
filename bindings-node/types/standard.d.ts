import { type Body } from './bytes.js';
import { type HeadersInput } from './headers.js';
import { type Secrets } from './secrets.js';
import { type Time } from './time.js';
/** What a verified message says of itself. Everything here is signed. */
export interface StandardDelivery {
    /** The message's id. */
    readonly id: string;
    /** The time of the attempt, in seconds since 1970. */
    readonly timestamp: number;
    /** Which secret matched, from 0. */
    readonly secretIndex: number;
}
/** Standard Webhooks v1, for senders that sign id and time. Immutable. */
export declare class StandardWebhook {
    #private;
    /** Takes a `whsec_` secret, or up to 8 of them. Throws `VerificationError`: `secret-*`, `too-many-secrets`. */
    constructor(secret: Secrets);
    /** Verifies the raw body. `now` is the time unless given; `tolerance` is in seconds, either way and inclusive (default 300). */
    verify(body: Body, headers: HeadersInput, options?: {
        readonly now?: Time | undefined;
        readonly tolerance?: number | undefined;
    }): StandardDelivery;
    /** The signature as it stands in the header, by the first secret. */
    sign(id: string, timestamp: Time, body: Body): string;
    /** Without the secrets. */
    toJSON(): {
        secrets: number;
    };
}
