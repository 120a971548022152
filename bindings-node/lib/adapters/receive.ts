/*
 * What all adapters share: verify, claim, let the handler work, commit or release. No framework is known here.
 */
import { bufferOver } from '../bytes.js';
import type { Delivery, EndpointOnly } from '../delivery.js';
import { statusOf, VerificationError, wrongType } from '../errors.js';
import { isClaimed, outcomeStatus, type Guard, type Outcome } from '../guard.js';
import type { HeadersInput } from '../headers.js';
import type { ReplayKey } from '../keys.js';
import { LEASE_ERRORS, OUTCOMES } from '../tables.js';
import type { Webhook } from '../webhook.js';
import { Received } from './received.js';
import { Counters, Reporter, type OnReject, type RejectReason } from './report.js';

/** What an adapter takes beside webhook and handler. */
export interface ReceiveOptions {
  /** What remembers deliveries that were handled. Without one, retries and replays are handled again. */
  readonly guard?: Guard | undefined;
  /** Is told why something was not handled. Without it, `console.error` writes what a handler, the guard or the clock throws. */
  readonly onReject?: OnReject | undefined;
  /** Where to count; several endpoints may share one. */
  readonly counters?: Counters | undefined;
  /** What time it is, for the guard and for tests. */
  readonly clock?: (() => Date) | undefined;
}

/** How a request is answered; with what the handler returned, where that stands. */
export interface Answer<R> {
  readonly status: number;
  readonly result?: R;
}

/** Somebody has read the body of the request before the adapter could, so nothing can be verified. The message says what to do. */
export class BodyConsumedError extends Error {
  readonly code = 'body-consumed';

  constructor(message: string) {
    super(message);
    this.name = 'BodyConsumedError';
  }
}

const OK = 204;
const REFUSED = 401;
export const UNAVAILABLE = 503;

const METHODS = ['claim', 'commit', 'release', 'renew'] as const;
const NAMES: readonly (keyof ReceiveOptions)[] = ['guard', 'onReject', 'counters', 'clock'];
const KNOWN: ReadonlySet<unknown> = new Set(OUTCOMES.map(([name]) => name));

/** The claims of one attempt. */
interface Claims {
  readonly keys: readonly ReplayKey[];
  readonly owner: Uint8Array;
}

/** A delivery that is being handled, and the claims held meanwhile. */
interface Attempt extends Claims {
  readonly received: Received;
}

/** One endpoint. */
export class Receiver {
  readonly webhook: Webhook;
  readonly report: Reporter;
  readonly #guard: Guard | undefined;
  readonly #clock: () => Date;

  constructor(webhook: Webhook, handler: unknown, options: ReceiveOptions, others: readonly string[] = []) {
    // By what it has, because it may be of another copy of this package; a StandardWebhook verifies too, but not KORE's signature.
    if (typeof webhook?.verify !== 'function' || typeof webhook.refuseUnread !== 'function') {
      throw wrongType(webhook, 'webhook', 'a Webhook');
    }
    if (typeof handler !== 'function') {
      throw wrongType(handler, 'handler', 'a function');
    }
    if (typeof options !== 'object' || options === null) {
      throw wrongType(options, 'options', 'an object');
    }
    const names: readonly string[] = [...NAMES, ...others];
    if (Object.keys(options).some((name) => !names.includes(name))) {
      throw new TypeError(`koreWebhook has no option of this name: it has ${names.join(', ')}`);
    }
    const { guard, onReject, counters = new Counters(), clock = () => new Date() } = options;
    if (guard !== undefined && METHODS.some((name) => typeof guard?.[name] !== 'function')) {
      throw new TypeError(`guard must have ${METHODS.join(', ')}`);
    }
    for (const [name, value] of Object.entries({ clock, 'counters.add': counters?.add, onReject: onReject ?? clock })) {
      if (typeof value !== 'function') {
        throw wrongType(value, name, 'a function');
      }
    }
    this.webhook = webhook;
    this.report = new Reporter(webhook.url, onReject, counters);
    this.#guard = guard;
    this.#clock = clock;
  }

  /** What to answer to a body by its Content-Length alone, before any of it is read. What is no number is left to the server. */
  refuseByLength(length: string | null | undefined, headers: HeadersInput, method: string): number | null {
    if (!length || !/^[0-9]+$/.test(length) || Number(length) <= this.webhook.maxBody) {
      return null;
    }
    return this.#refuse(this.webhook.refuseUnread(headers, { method }), method);
  }

  /** From the raw body to the answer. Of a body that is too large, the first `maxBody` + 1 bytes are enough. */
  async run<R>(
    body: Uint8Array,
    headers: HeadersInput,
    method: string,
    handle: (received: Received) => R | Promise<R>,
    statusOf: (result: R) => number,
  ): Promise<Answer<R>> {
    const delivery = this.#verify(body, headers, method);
    if (typeof delivery === 'number') {
      return { status: delivery };
    }
    const attempt = await this.#claim(delivery);
    if (typeof attempt === 'number') {
      return { status: attempt };
    }
    this.report.count('accepted');
    let result: R;
    let status: number;
    try {
      result = await handle(attempt.received);
      status = statusOf(result);
    } catch (error) {
      await this.#giveBack(attempt);
      this.report.reject('handler-failed', UNAVAILABLE, { error });
      return { status: UNAVAILABLE };
    }
    // Only a 2xx tells KORE that it was handled.
    if (!(status >= 200 && status < 300)) {
      this.report.count('handler-failed');
      await this.#giveBack(attempt);
      return { status, result };
    }
    return (await this.#commit(attempt)) ? { status, result } : { status: UNAVAILABLE };
  }

  #verify(body: Uint8Array, headers: HeadersInput, method: string): Delivery | number {
    let verified: Delivery | EndpointOnly;
    try {
      // As a `Buffer`, since a canonical body is given back as it is.
      verified = this.webhook.verify(bufferOver(body), headers, { method });
    } catch (error) {
      if (VerificationError.isVerificationError(error)) {
        return this.#refuse(error, method);
      }
      throw error;
    }
    // By what it has, because the webhook may be of another copy of this package.
    if (!('replayKeys' in verified)) {
      // A GET carries no event that was authenticated, so there is nothing for a handler.
      this.report.reject('get-disabled', REFUSED, { method });
      return REFUSED;
    }
    return verified;
  }

  #refuse(error: VerificationError, method: string): number {
    const { code, number, hint, detail, offset } = error;
    const status = statusOf(error);
    this.report.reject(code, status, { method, number, hint, detail, offset });
    return status;
  }

  async #claim(delivery: Delivery): Promise<Attempt | number> {
    const guard = this.#guard;
    if (guard === undefined) {
      return { received: new Received(delivery), keys: [], owner: new Uint8Array() };
    }
    // Frozen: the outcomes belong to the keys by their places, which a guard that sorts would change.
    const keys = Object.freeze(delivery.replayKeys());
    const owner = crypto.getRandomValues(new Uint8Array(16));
    try {
      const outcomes = checked(await guard.claim(keys, delivery.idempotencyToken, owner, this.#now()), keys);
      const claimed = keys.filter((_, index) => isClaimed(outcomes[index] as Outcome));
      const attempt = { received: new Received(delivery, outcomes), keys: claimed, owner };
      const status = this.#judge(keys, outcomes);
      if (status === null) {
        return attempt;
      }
      await this.#giveBack(attempt);
      return status;
    } catch (error) {
      this.report.reject('store-error', UNAVAILABLE, { error });
      // Whatever it may hold of them all the same.
      await this.#giveBack({ keys, owner }, true);
      return UNAVAILABLE;
    }
  }

  /** The status to answer with, or `null` where there is something to handle. Tells about all that is not handled. */
  #judge(keys: readonly ReplayKey[], outcomes: readonly Outcome[]): number | null {
    // Not by the arguments of one call, of which there may be too many.
    const worst = outcomes.reduce((most, outcome) => Math.max(most, outcomeStatus(outcome)), 0);
    const status = worst < UNAVAILABLE && outcomes.some(isClaimed) ? null : worst;
    outcomes.forEach((outcome, index) => {
      if (!isClaimed(outcome)) {
        this.report.reject(outcome as RejectReason, status ?? OK, { index, key: (keys[index] as ReplayKey).key });
      } else if (outcome === 'repeat-body') {
        this.report.count(outcome);
      }
    });
    return status;
  }

  /** Whether the delivery may be acknowledged. */
  async #commit(attempt: Attempt): Promise<boolean> {
    if (this.#guard === undefined) {
      return true;
    }
    try {
      await this.#guard.commit(attempt.keys, attempt.owner, this.#now());
      return true;
    } catch (error) {
      const code = leaseCode(error);
      if (code === 'already-committed') {
        // Which is what was asked for.
        this.report.reject(code, OK, { error });
        return true;
      }
      this.report.reject(code ?? 'store-error', UNAVAILABLE, { error });
      // Else the only retry would find it in progress, if nobody else holds it.
      await this.#giveBack(attempt, true);
      return false;
    }
  }

  /** Never throws: a lease runs out by itself. */
  async #giveBack({ keys, owner }: Claims, quiet = false): Promise<void> {
    if (this.#guard === undefined || keys.length === 0) {
      return;
    }
    try {
      await this.#guard.release(keys, owner, this.#now());
    } catch (error) {
      if (!quiet) {
        this.report.reject(leaseCode(error) ?? 'store-error', UNAVAILABLE, { error });
      }
    }
  }

  #now(): Date {
    const now: unknown = this.#clock();
    if (typeof now !== 'object') {
      // Milliseconds would be taken for seconds, and everything for stale.
      throw wrongType(now, 'what clock returns', 'a Date');
    }
    return now as Date;
  }
}

/** What a guard said, whatever it is made of: an outcome for each key, or an error. */
function checked(outcomes: unknown, keys: readonly ReplayKey[]): readonly Outcome[] {
  if (!Array.isArray(outcomes) || outcomes.length !== keys.length || !outcomes.every((outcome) => KNOWN.has(outcome))) {
    throw new TypeError(`the guard gave no list of ${keys.length} outcomes`);
  }
  return outcomes as Outcome[];
}

/** By its code, because the guard may use another copy of this package. */
function leaseCode(error: unknown): (typeof LEASE_ERRORS)[number] | null {
  try {
    const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    return LEASE_ERRORS.find((known) => known === code) ?? null;
  } catch {
    return null; // a proxy that doesn't want to be looked at
  }
}

/** For handlers that answer nothing themselves. */
export function nothing(result: unknown): number {
  if (result !== undefined && result !== null) {
    // A list of promises or a generator has not done its work yet, and nobody would wait for it.
    throw wrongType(result, 'what the handler returns', 'undefined, when all is done');
  }
  return OK;
}
