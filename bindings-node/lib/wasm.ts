/**
 * Sign and verify KORE Wireless webhooks, always by WebAssembly.
 *
 * KORE signs a delivery with a plain SHA-256 over secret, method, URL and body, JSON bodies minified. That is verified byte for
 * byte, and what is weak about it (length extension, moved boundaries, unsigned headers) is closed. The work is done by a
 * Rust core; this package converts.
 *
 * @module
 */
import { wasm as used } from './engine/wasm.js';
import { functionsOf, type Functions } from './functions.js';
import * as guard from './guard.js';
import * as standard from './standard.js';
import { ENGINE } from './symbols.js';
import * as webhook from './webhook.js';

export * from './common.js';

/** Which engine does the work. */
export const engine = 'wasm';

/** One callback URL with its secrets. Immutable. */
export class Webhook extends webhook.Webhook {
  /** @internal */
  static override readonly [ENGINE] = used;
}

/** Standard Webhooks v1, for senders that sign id and time. Immutable. */
export class StandardWebhook extends standard.StandardWebhook {
  /** @internal */
  static override readonly [ENGINE] = used;
}

/** A replay guard for one process. What it knows is gone after a restart. A guard that is full refuses: nothing live is evicted. */
export class ReplayGuard extends guard.ReplayGuard {
  /** @internal */
  static override readonly [ENGINE] = used;
}

const functions: Functions = functionsOf(used);

/** JSON without the white space between its tokens; every byte of a token is kept. A scalar is allowed. */
export const minifyJson: Functions['minifyJson'] = functions.minifyJson;

/** The part of a callback URL that is signed. */
export const signedUrl: Functions['signedUrl'] = functions.signedUrl;

/** Reads KORE's date header, such as `2024-07-03T14:40:58Z`. */
export const parseDate: Functions['parseDate'] = functions.parseDate;

/** Checks an `Authorization: Bearer` header in constant time; returns which token it was, from 0. */
export const verifyBearer: Functions['verifyBearer'] = functions.verifyBearer;
