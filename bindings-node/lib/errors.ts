import { REASONS } from './tables.js';

/** The stable name of a reason; the same in every language. */
export type ReasonCode = (typeof REASONS)[number][1];

const BRAND: unique symbol = Symbol.for('korewebhook.VerificationError') as never;

const byNumber = new Map<number, (typeof REASONS)[number]>(REASONS.map((row) => [row[0], row]));
const byCode = new Map<string, (typeof REASONS)[number]>(REASONS.map((row) => [row[1], row]));

/** Every reason: name to number and hint. */
export const reasons: Readonly<Record<ReasonCode, { readonly number: number; readonly hint: string }>> = Object.freeze(
  Object.fromEntries(REASONS.map(([number, code, hint]) => [code, Object.freeze({ number, hint })])),
) as never;

/**
 * Something was refused: a message, a signature, or the configuration.
 *
 * It holds no byte of the message, no secret and no expected signature, so it may be logged. Never send it back: to the
 * sender of a delivery every refusal is one opaque 401. `instanceof` knows it from other copies of this package too.
 */
export class VerificationError extends Error {
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

  /** @internal */
  constructor(code: ReasonCode, detail: string | null = null, offset: number | null = null) {
    const [number, , hint] = byCode.get(code) as (typeof REASONS)[number];
    const at = offset === null ? '' : `at byte ${offset}`;
    const finer = [detail, at].filter(Boolean).join(' ');
    super(`${code}: ${hint}${finer && ` (${finer})`}`);
    this.code = code;
    this.number = number;
    this.hint = hint;
    this.detail = detail;
    this.offset = offset;
  }

  /** Whether a value is such an error, of this or of another copy of the package. */
  static isVerificationError(value: unknown): value is VerificationError {
    try {
      return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
    } catch {
      return false; // a proxy that doesn't want to be looked at
    }
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // A class derived from this one is asked for itself.
    return this === VerificationError
      ? VerificationError.isVerificationError(value)
      : Function.prototype[Symbol.hasInstance].call(this, value);
  }

  /** What may be logged. */
  toJSON(): Pick<VerificationError, 'code' | 'number' | 'hint' | 'detail' | 'offset'> {
    const { code, number, hint, detail, offset } = this;
    return { code, number, hint, detail, offset };
  }
}

Object.defineProperty(VerificationError.prototype, BRAND, { value: true });
Object.defineProperty(VerificationError.prototype, 'name', { value: 'VerificationError', configurable: true, writable: true });

/** The error of a number that the engine gave. */
export function errorOf(number: number, detail: string, offset: number): VerificationError {
  const row = byNumber.get(number) ?? (byCode.get('invalid-argument') as (typeof REASONS)[number]);
  return new VerificationError(row[1], detail || null, Number.isNaN(offset) ? null : offset);
}

/** What to answer to the sender of what was refused so. */
export function statusOf(error: VerificationError): number {
  // An error of another copy of the package may have a reason that is not known here.
  return byCode.get(error.code)?.[3] ?? 401;
}

/** A wrong type, named by its type alone: the value may be a secret. */
export function wrongType(value: unknown, what: string, wanted: string): TypeError {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
  return new TypeError(`${what} must be ${wanted}, not ${kind}`);
}
