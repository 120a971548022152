import { bytesOf, type Body } from './bytes.js';
import { begin, CALL, invoke, invokeSecretly, putNumber, putText, readNumber, readText } from './engine/call.js';
import type { Engine, Instance } from './engine/engine.js';
import { wrongType } from './errors.js';
import { collect, putFields, wanted, type HeadersInput } from './headers.js';
import { putSecrets, readSecrets, type Secrets } from './secrets.js';
import { ENGINE, engineOf, INSPECT } from './symbols.js';
import { FIELDS } from './tables.js';
import { duration, millis, type Time } from './time.js';

/** What a verified message says of itself. Everything here is signed. */
export interface StandardDelivery {
  /** The message's id. */
  readonly id: string;
  /** The time of the attempt, in seconds since 1970. */
  readonly timestamp: number;
  /** Which secret matched, from 0. */
  readonly secretIndex: number;
}

const WANTED = wanted('webhook-id', 'webhook-timestamp', 'webhook-signature');
const ID = FIELDS.indexOf('webhook-id');

/** Standard Webhooks v1, for senders that sign id and time. Immutable. */
export class StandardWebhook {
  readonly #instance: Instance;
  readonly #secrets: number;

  /** Takes a `whsec_` secret, or up to 8 of them. Throws `VerificationError`: `secret-*`, `too-many-secrets`. */
  constructor(secret: Secrets) {
    const secrets = readSecrets(secret, 'secret');
    this.#instance = engineOf(new.target).create();
    this.#secrets = secrets.length;
    begin(CALL.OpenStandard);
    putSecrets(secrets);
    invokeSecretly(this.#instance);
  }

  /** @internal */
  static get [ENGINE](): Engine {
    throw new TypeError('take StandardWebhook from korewebhook or korewebhook/wasm');
  }

  /** Verifies the raw body. `now` is the time unless given; `tolerance` is in seconds, either way and inclusive (default 300). */
  verify(
    body: Body,
    headers: HeadersInput,
    options?: { readonly now?: Time | undefined; readonly tolerance?: number | undefined },
  ): StandardDelivery {
    const bytes = bytesOf(body, 'body');
    const fields = collect(headers, WANTED);
    const { now, tolerance } = options ?? {};
    const at = now === undefined ? Date.now() : millis(now, 'now');
    const within = tolerance === undefined ? Number.NaN : duration(tolerance, 'tolerance');
    begin(CALL.VerifyStandard);
    putNumber(at);
    putNumber(within);
    putFields(fields);
    const secretIndex = invoke(this.#instance, bytes);
    const timestamp = readNumber();
    return Object.freeze({ id: fields[ID] as string, timestamp, secretIndex });
  }

  /** The signature as it stands in the header, by the first secret. */
  sign(id: string, timestamp: Time, body: Body): string {
    if (typeof id !== 'string') {
      throw wrongType(id, 'id', 'a string');
    }
    const at = millis(timestamp, 'timestamp');
    const bytes = bytesOf(body, 'body');
    begin(CALL.SignStandard);
    putNumber(at);
    putText(id);
    return readText(invoke(this.#instance, bytes));
  }

  /** Without the secrets. */
  toJSON(): { secrets: number } {
    return { secrets: this.#secrets };
  }

  /** @internal */
  [INSPECT](): string {
    return `<korewebhook.StandardWebhook secrets=${this.#secrets}>`;
  }
}
