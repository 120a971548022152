import type { ReasonCode } from '../errors.js';
import type { LeaseError, Outcome } from '../guard.js';
/** Why something was not handled: a reason of the core, an outcome of the guard, trouble with a lease, or the handler. */
export type RejectReason = ReasonCode | Exclude<Outcome, 'new'> | LeaseError['code'] | 'handler-failed';
/** What may be logged about a rejection. It never holds a secret, a body or a signature. */
export interface RejectContext {
    /** The signed part of the callback URL. */
    readonly url: string;
    /** What was answered, or is about to be. */
    readonly status: number;
    /** Of a request that was refused. */
    readonly method?: string;
    readonly number?: number;
    readonly hint?: string;
    readonly detail?: string | null;
    readonly offset?: number | null;
    /** Of an outcome of the guard: the place of its key in the delivery, and the key. */
    readonly index?: number;
    readonly key?: string;
    /** Of trouble with a store, a lease or the handler: what was thrown. */
    readonly error?: unknown;
}
/** Called for whatever is not handled. What it throws, or rejects with, never changes an answer. Be quick. */
export type OnReject = (reason: RejectReason, context: RejectContext) => void | Promise<void>;
/**
 * How often each reason occurred. Several endpoints may share one.
 *
 * Counted are `accepted` (handed to the handler), the reason of every refused request, and, for each key of a delivery, every
 * outcome but `new`; further `lost-lease`, `already-committed`, `handler-failed`, and `disconnected` where a client went
 * away before its body was complete.
 */
export declare class Counters {
    #private;
    /** Counts one. */
    add(reason: string): void;
    /** A copy of the counts by reason, those from 1 on. */
    snapshot(): Record<string, number>;
    toJSON(): Record<string, number>;
}
/** Writes what nobody else gets to see. Never throws: what can't be shown, such as an error whose `stack` throws, is left out. */
export declare function complain(text: string, error: unknown): void;
/** Counts, and calls `onReject`. */
export declare class Reporter {
    #private;
    constructor(url: string, onReject: OnReject | undefined, counters: Counters);
    /** Counts what nobody needs to be told. */
    count(reason: string): void;
    /** Counts and tells. */
    reject(reason: RejectReason, status: number, context?: Omit<RejectContext, 'url' | 'status'>): void;
}
