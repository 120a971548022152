import { REASONS } from './tables.js';
/** The stable name of a reason; the same in every language. */
export type ReasonCode = (typeof REASONS)[number][1];
/** Every reason: name to number and hint. */
export declare const reasons: Readonly<Record<ReasonCode, {
    readonly number: number;
    readonly hint: string;
}>>;
/**
 * Something was refused: a message, a signature, or the configuration.
 *
 * It holds no byte of the message, no secret and no expected signature, so it may be logged. Never send it back: to the
 * sender of a delivery every refusal is one opaque 401. `instanceof` knows it from other copies of this package too.
 */
export declare class VerificationError extends Error {
    /** The stable name of the reason, such as `signature-mismatch`. */
    readonly code: ReasonCode;
    /** The stable number of the reason. */
    readonly number: number;
    /** A sentence that says what to do. */
    readonly hint: string;
    /** The finer code, such as `bad-number`, where there is one. */
    readonly detail: string | null;
    /** The offset in bytes, from 0, of the byte that decided, where there is one. */
    readonly offset: number | null;
    /** Whether a value is such an error, of this or of another copy of the package. */
    static isVerificationError(value: unknown): value is VerificationError;
    static [Symbol.hasInstance](value: unknown): boolean;
    /** What may be logged. */
    toJSON(): Pick<VerificationError, 'code' | 'number' | 'hint' | 'detail' | 'offset'>;
}
/** The error of a number that the engine gave. */
export declare function errorOf(number: number, detail: string, offset: number): VerificationError;
/** What to answer to the sender of what was refused so. */
export declare function statusOf(error: VerificationError): number;
/** A wrong type, named by its type alone: the value may be a secret. */
export declare function wrongType(value: unknown, what: string, wanted: string): TypeError;
