import { begin, CALL, invoke, outBytes, putByte, putBytes, putCount, putMaybe, putNumber, settle } from './engine/call.js';
import type { Engine, Instance } from './engine/engine.js';
import { wrongType } from './errors.js';
import { checkKeys, putRecord, readOwner, readToken, type ReplayKey } from './keys.js';
import { ENGINE, engineOf, INSPECT } from './symbols.js';
import { LEASE_ERRORS, OUTCOMES } from './tables.js';
import { duration, millis, size, type Time } from './time.js';

/**
 * What a guard says of one key of a delivery.
 *
 * - `new`: never seen. It is claimed: handle it, then commit or release.
 * - `duplicate`: seen and committed, or a second time in the same delivery. Acknowledge it and do nothing.
 * - `repeat-body`: a body without ids, seen under another token: a genuine repeat or a replay, which can't be told apart.
 *   It is claimed: take it as a hint and fetch the state from KORE's API.
 * - `conflict`: the same event id with other content. Not claimed: keep it for a person to look at.
 * - `in-progress`: another attempt holds the claim. Answer 503, so that the sender retries.
 * - `stale`: the signed time lies outside of the window. Not claimed.
 * - `store-error`: there is no room, or the store has trouble. Nothing of the delivery was claimed: answer 503.
 */
export type Outcome = (typeof OUTCOMES)[number][0];

const byName = new Map<string, (typeof OUTCOMES)[number]>(OUTCOMES.map((row) => [row[0], row]));

/** Whether the caller holds a claim now, and is to handle it: `new` and `repeat-body`. */
export function isClaimed(outcome: Outcome): boolean {
  return byName.get(outcome)?.[2] ?? false;
}

/** What to answer to the sender once an outcome is dealt with; of several in one delivery the highest counts. */
export function outcomeStatus(outcome: Outcome): number {
  return byName.get(outcome)?.[1] ?? 503;
}

const BRAND: unique symbol = Symbol.for('korewebhook.LeaseError') as never;

/** A commit, a release or a renewal had no effect on at least one of its keys. `code` is its stable name. */
export class LeaseError extends Error {
  readonly code: 'lease-error' | (typeof LEASE_ERRORS)[number] = 'lease-error';

  constructor(message?: string) {
    super(message);
    this.name = 'LeaseError';
  }

  /** Whether a value is such an error, of this or of another copy of the package. */
  static isLeaseError(value: unknown): value is LeaseError {
    try {
      return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
    } catch {
      return false; // a proxy that doesn't want to be looked at
    }
  }
}

Object.defineProperty(LeaseError.prototype, BRAND, { value: true });

/** The claim, or a part of it, ran out and was taken over. What is still held was treated as asked. */
export class LostLease extends LeaseError {
  override readonly code = 'lost-lease';

  constructor(message = 'lost-lease') {
    super(message);
    this.name = 'LostLease';
  }
}

/** This owner has committed before. */
export class AlreadyCommitted extends LeaseError {
  override readonly code = 'already-committed';

  constructor(message = 'already-committed') {
    super(message);
    this.name = 'AlreadyCommitted';
  }
}

/**
 * A replay guard: it remembers what was handled, so that a retry or a replay of it is acknowledged and not handled again.
 * `ReplayGuard` is one for a single process; a store for several processes implements the same interface.
 *
 * `owner` is 16 random bytes, the same for every call of one attempt; `now` is a `Date` or a number of seconds since 1970.
 * `commit`, `release` and `renew` take the keys whose outcome was claimed, and reject with `LostLease` or
 * `AlreadyCommitted`.
 *
 * Rules that every implementation keeps:
 *
 * - `claim` is atomic over all keys of a delivery: either every key has its outcome, or it rejects and holds nothing.
 * - A claim belongs to its owner and runs out after the lease. Only the owner can commit, release or renew it; one that has
 *   run out may be taken over by the next attempt.
 * - Handler deadline (10 s) < lease (12 s) < KORE's read timeout (15 s): the claim of an attempt that crashed has run out
 *   when KORE retries.
 * - It fails closed. Where it can't tell, or has no room, the answer is `store-error` or a rejection, and the adapters
 *   answer 503, which KORE retries.
 * - Nothing that is live is ever evicted to make room.
 */
export interface Guard {
  /**
   * Claims all keys of a delivery at once and answers for each, in the order in which they are given, whatever order a store
   * needs: the adapters give a frozen list, so sort a copy. `token` is the idempotency token, if there is one.
   */
  claim(keys: readonly ReplayKey[], token: string | null, owner: Uint8Array, now: Time): Promise<Outcome[]>;
  /** Keeps the keys for good: the handler has succeeded. */
  commit(keys: readonly ReplayKey[], owner: Uint8Array, now: Time): Promise<void>;
  /** Gives the keys back: the handler has failed, and the next attempt is `new`. */
  release(keys: readonly ReplayKey[], owner: Uint8Array, now: Time): Promise<void>;
  /** Lets the lease begin anew, for a handler that takes longer. */
  renew(keys: readonly ReplayKey[], owner: Uint8Array, now: Time): Promise<void>;
}

/** How long a guard remembers, in seconds, and how much. */
export interface ReplayGuardOptions {
  /** How many keys there is room for; by default 65,536. */
  readonly capacity?: number | undefined;
  /** How long a claim lasts; by default 12. */
  readonly lease?: number | undefined;
  /** How long a committed key is kept; by default 30 days. */
  readonly retention?: number | undefined;
  /** Events whose signed time is older are stale; `null` turns that off. By default 24 hours. */
  readonly maxAge?: number | null | undefined;
  /** How far a signed time may lie ahead; by default an hour. */
  readonly skew?: number | undefined;
}

const OPTIONS = new Set(['capacity', 'lease', 'retention', 'maxAge', 'skew']);
const CAPACITY = 1 << 16;

/** A replay guard for one process. What it knows is gone after a restart. A guard that is full refuses: nothing live is evicted. */
export class ReplayGuard implements Guard {
  readonly #instance: Instance;
  readonly #capacity: number;

  /** Throws `VerificationError`: `invalid-argument`. */
  constructor(options: ReplayGuardOptions = {}) {
    const given = readOptions(options);
    this.#instance = engineOf(new.target).create();
    this.#capacity = given.capacity;
    begin(CALL.OpenGuard);
    putNumber(given.capacity);
    putNumber(given.lease);
    putNumber(given.retention);
    putNumber(given.skew);
    if (given.maxAge === undefined) {
      putByte(0);
    } else if (given.maxAge === null) {
      putByte(1);
    } else {
      putByte(2);
      putNumber(given.maxAge);
    }
    invoke(this.#instance);
  }

  /** @internal */
  static get [ENGINE](): Engine {
    throw new TypeError('take ReplayGuard from korewebhook or korewebhook/wasm');
  }

  async claim(keys: Iterable<ReplayKey>, token: string | null, owner: Uint8Array, now: Time): Promise<Outcome[]> {
    const [given, by, at] = [readToken(token), readOwner(owner), millis(now, 'now')];
    const records = checkKeys(keys);
    begin(CALL.Claim);
    putMaybe(given);
    putBytes(by);
    putNumber(at);
    putCount(records.length);
    records.forEach(putRecord);
    invoke(this.#instance);
    const outcomes = Array.from(outBytes(), (number) => OUTCOMES[number]?.[0] ?? 'store-error');
    settle();
    return outcomes;
  }

  async commit(keys: Iterable<ReplayKey>, owner: Uint8Array, now: Time): Promise<void> {
    this.#settle(CALL.Commit, keys, owner, now);
  }

  async release(keys: Iterable<ReplayKey>, owner: Uint8Array, now: Time): Promise<void> {
    this.#settle(CALL.Release, keys, owner, now);
  }

  async renew(keys: Iterable<ReplayKey>, owner: Uint8Array, now: Time): Promise<void> {
    this.#settle(CALL.Renew, keys, owner, now);
  }

  #settle(call: number, keys: Iterable<ReplayKey>, owner: Uint8Array, now: Time): void {
    const [by, at, records] = [readOwner(owner), millis(now, 'now'), checkKeys(keys)];
    begin(call);
    putBytes(by);
    putNumber(at);
    putCount(records.length);
    records.forEach(putRecord);
    const said = invoke(this.#instance);
    settle();
    if (said > 0) {
      throw LEASE_ERRORS[said - 1] === 'already-committed' ? new AlreadyCommitted() : new LostLease();
    }
  }

  /** How many keys there is room for. */
  get capacity(): number {
    return this.#capacity;
  }

  /** How many keys are kept, those included that have run out and were not yet removed. */
  get size(): number {
    begin(CALL.GuardLen);
    return invoke(this.#instance);
  }

  toJSON(): { size: number; capacity: number } {
    return { size: this.size, capacity: this.capacity };
  }

  /** @internal */
  [INSPECT](): string {
    return `<korewebhook.ReplayGuard ${this.size} of ${this.capacity} keys>`;
  }
}

function readOptions(options: unknown): {
  capacity: number;
  lease: number;
  retention: number;
  skew: number;
  maxAge: number | null | undefined;
} {
  if (typeof options !== 'object' || options === null) {
    throw wrongType(options, 'options', 'an object');
  }
  for (const name of Object.keys(options)) {
    if (!OPTIONS.has(name)) {
      throw new TypeError(`a ReplayGuard has no option of this name: it has ${[...OPTIONS].join(', ')}`);
    }
  }
  const { capacity, lease, retention, maxAge, skew } = options as ReplayGuardOptions;
  const seconds = (value: unknown, what: string) => (value === undefined ? Number.NaN : duration(value, what));
  return {
    capacity: capacity === undefined ? CAPACITY : size(capacity, 'capacity'),
    lease: seconds(lease, 'lease'),
    retention: seconds(retention, 'retention'),
    skew: seconds(skew, 'skew'),
    maxAge: maxAge === undefined || maxAge === null ? maxAge : duration(maxAge, 'maxAge'),
  };
}
