import { type ReplayKey } from './keys.js';
import { LEASE_ERRORS, OUTCOMES } from './tables.js';
import { type Time } from './time.js';
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
/** Whether the caller holds a claim now, and is to handle it: `new` and `repeat-body`. */
export declare function isClaimed(outcome: Outcome): boolean;
/** What to answer to the sender once an outcome is dealt with; of several in one delivery the highest counts. */
export declare function outcomeStatus(outcome: Outcome): number;
/** A commit, a release or a renewal had no effect on at least one of its keys. `code` is its stable name. */
export declare class LeaseError extends Error {
    readonly code: 'lease-error' | (typeof LEASE_ERRORS)[number];
    constructor(message?: string);
    /** Whether a value is such an error, of this or of another copy of the package. */
    static isLeaseError(value: unknown): value is LeaseError;
}
/** The claim, or a part of it, ran out and was taken over. What is still held was treated as asked. */
export declare class LostLease extends LeaseError {
    readonly code = "lost-lease";
    constructor(message?: string);
}
/** This owner has committed before. */
export declare class AlreadyCommitted extends LeaseError {
    readonly code = "already-committed";
    constructor(message?: string);
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
/** A replay guard for one process. What it knows is gone after a restart. A guard that is full refuses: nothing live is evicted. */
export declare class ReplayGuard implements Guard {
    #private;
    /** Throws `VerificationError`: `invalid-argument`. */
    constructor(options?: ReplayGuardOptions);
    claim(keys: Iterable<ReplayKey>, token: string | null, owner: Uint8Array, now: Time): Promise<Outcome[]>;
    commit(keys: Iterable<ReplayKey>, owner: Uint8Array, now: Time): Promise<void>;
    release(keys: Iterable<ReplayKey>, owner: Uint8Array, now: Time): Promise<void>;
    renew(keys: Iterable<ReplayKey>, owner: Uint8Array, now: Time): Promise<void>;
    /** How many keys there is room for. */
    get capacity(): number;
    /** How many keys are kept, those included that have run out and were not yet removed. */
    get size(): number;
    toJSON(): {
        size: number;
        capacity: number;
    };
}
