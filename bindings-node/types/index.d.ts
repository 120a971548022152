import { type Functions } from './functions.js';
import * as guard from './guard.js';
import * as standard from './standard.js';
import * as webhook from './webhook.js';
export * from './common.js';
/** Which engine does the work: the addon where it loads, else WebAssembly. */
export declare const engine: 'native' | 'wasm';
/** One callback URL with its secrets. Immutable. */
export declare class Webhook extends webhook.Webhook {
}
/** Standard Webhooks v1, for senders that sign id and time. Immutable. */
export declare class StandardWebhook extends standard.StandardWebhook {
}
/** A replay guard for one process. What it knows is gone after a restart. A guard that is full refuses: nothing live is evicted. */
export declare class ReplayGuard extends guard.ReplayGuard {
}
/** JSON without the white space between its tokens; every byte of a token is kept. A scalar is allowed. */
export declare const minifyJson: Functions['minifyJson'];
/** The part of a callback URL that is signed. */
export declare const signedUrl: Functions['signedUrl'];
/** Reads KORE's date header, such as `2024-07-03T14:40:58Z`. */
export declare const parseDate: Functions['parseDate'];
/** Checks an `Authorization: Bearer` header in constant time; returns which token it was, from 0. */
export declare const verifyBearer: Functions['verifyBearer'];
