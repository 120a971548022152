import { type Body } from './bytes.js';
import type { Engine } from './engine/engine.js';
import { type HeadersInput } from './headers.js';
import { type Secrets } from './secrets.js';
/** The canonical JSON of bytes, in memory of its own. */
export declare function minifyWith(engine: Engine, bytes: Uint8Array): Uint8Array;
/** The milliseconds since 1970 of an RFC 3339 time as it may stand in an event; `null` for what is none. */
export declare function parseTimeWith(engine: Engine, text: unknown): number | null;
/** The functions of the package on an engine. */
export interface Functions {
    /**
     * JSON without the white space between its tokens; every byte of a token is kept. A scalar is allowed.
     *
     * Throws `VerificationError`: `json-malformed`, `json-too-deep`.
     */
    minifyJson(body: Body): Uint8Array;
    /** The part of a callback URL that is signed. Throws `VerificationError`: `url-invalid`. */
    signedUrl(url: string): string;
    /** Reads KORE's date header, such as `2024-07-03T14:40:58Z`. Throws `VerificationError`: `date-format`, `date-range`. */
    parseDate(value: string): Date;
    /**
     * Checks an `Authorization: Bearer` header in constant time; returns which token it was, from 0.
     *
     * Throws `VerificationError`: `bearer-missing`, `bearer-duplicate`, `bearer-format`, `bearer-mismatch`, `secret-empty`,
     * `secret-format`.
     */
    verifyBearer(headers: HeadersInput, token: Secrets): number;
}
export declare function functionsOf(engine: Engine): Functions;
