import * as guard from './guard.js';
import * as standard from './standard.js';
import * as webhook from './webhook.js';
export * from './common.js';
/** Which engine does the work. */
export declare const engine = "wasm";
/** One callback URL with its secrets. Immutable. */
export declare class Webhook extends webhook.Webhook {
}
/** Standard Webhooks v1, for senders that sign id and time. Immutable. */
export declare class StandardWebhook extends standard.StandardWebhook {
}
/** A replay guard for one process. What it knows is gone after a restart. A guard that is full refuses: nothing live is evicted. */
export declare class ReplayGuard extends guard.ReplayGuard {
}
export declare const minifyJson: (body: import("./bytes.js").Body) => Uint8Array, signedUrl: (url: string) => string, parseDate: (value: string) => Date, verifyBearer: (headers: import("./headers.js").HeadersInput, token: import("./secrets.js").Secrets) => number;
