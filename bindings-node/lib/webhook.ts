import { bytesOf, copyOf, hex, type Body } from './bytes.js';
import { Delivery, EndpointOnly } from './delivery.js';
import {
  begin,
  CALL,
  invoke,
  invokeForError,
  invokeSecretly,
  outLength,
  outTexts,
  putByte,
  putMaybe,
  putNumber,
  putText,
  readByte,
  readNumber,
  readText,
  reserveOut,
  settle,
  takeOut,
  takeText,
} from './engine/call.js';
import type { Engine, Instance } from './engine/engine.js';
import { VerificationError, wrongType } from './errors.js';
import { collect, putFields, wanted, type HeadersInput } from './headers.js';
import { putSecrets, readSecrets, type Secrets } from './secrets.js';
import { ENGINE, engineOf, INSPECT } from './symbols.js';
import { FIELDS, GET, SECRETS, type Scheme } from './tables.js';
import { millis, size, type Time } from './time.js';

/** What a webhook allows beside the defaults. */
export interface WebhookOptions {
  /** What is signed and how; by default `kore-sha256`, which is what KORE sends. */
  readonly scheme?: Scheme | undefined;
  /** Accept a GET, as an `EndpointOnly`: nothing of its event is signed. */
  readonly allowGet?: boolean | undefined;
  /** Accept a POST without a body, whose signature is a constant of the endpoint. */
  readonly allowEmptyBody?: boolean | undefined;
  /** The longest body, in bytes; by default 1 MiB. */
  readonly maxBody?: number | undefined;
  /** The deepest JSON, from 1 to 64, which is the default. */
  readonly maxDepth?: number | undefined;
  /** What a body is that comes without a content type; by default it is refused. */
  readonly format?: 'json' | 'form' | undefined;
}

/** What works but helps an attacker. */
export type Warning = 'url-http' | 'url-bare-host' | 'secret-short';

/** The headers that KORE sends with a body. */
export interface DeliveryHeaders {
  'content-type': string;
  date: string;
  'kore-idempotency-token': string;
  'kore-signature': string;
  'user-agent': string;
}

const OPTIONS = new Set(['scheme', 'allowGet', 'allowEmptyBody', 'maxBody', 'maxDepth', 'format']);
const WANTED = wanted('kore-signature', 'content-type', 'content-encoding', 'kore-idempotency-token', 'date');
/** The numbers of the last field that decides. Token and date, which follow, never do. */
const LAST_DECIDING = FIELDS.indexOf('content-encoding');

/** One callback URL with its secrets. Immutable. */
export class Webhook {
  readonly #instance: Instance;
  readonly #engine: Engine;
  readonly #secrets: number;
  readonly #maxBody: number;
  readonly #scheme: Scheme;
  readonly #url: string;
  readonly #warnings: readonly Warning[];

  /**
   * Takes a secret, or up to 8 of them around a rotation, and the URL exactly as registered with KORE. A secret has 1 to
   * 1,024 bytes.
   *
   * Throws `VerificationError`: `secret-*`, `too-many-secrets`, `url-invalid`, `invalid-argument`.
   */
  constructor(secret: Secrets, url: string, options: WebhookOptions = {}) {
    const secrets = readSecrets(secret, 'secret');
    if (typeof url !== 'string') {
      throw wrongType(url, 'url', 'a string');
    }
    const given = readOptions(options);
    const engine = engineOf(new.target);
    const instance = engine.create();
    begin(CALL.OpenEndpoint);
    putSecrets(secrets);
    putText(url);
    putByte(Number(given.allowGet));
    putByte(Number(given.allowEmptyBody));
    putNumber(given.maxBody);
    putNumber(given.maxDepth);
    putMaybe(given.format);
    putMaybe(given.scheme);
    invokeSecretly(instance);
    begin(CALL.Describe);
    invoke(instance);
    this.#secrets = readByte();
    this.#maxBody = readNumber();
    const [scheme, signed, ...warnings] = outTexts();
    settle();
    this.#scheme = scheme as Scheme;
    this.#url = signed as string;
    this.#warnings = Object.freeze(warnings as Warning[]);
    this.#engine = engine;
    this.#instance = instance;
  }

  /** @internal */
  static get [ENGINE](): Engine {
    throw new TypeError('take Webhook from korewebhook or korewebhook/wasm');
  }

  /** Takes the secrets from `KOREWEBHOOK_SECRET`, where commas separate several, and the URL from `KOREWEBHOOK_URL`. */
  static fromEnv(options: WebhookOptions = {}): Webhook {
    const environment = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};
    const { KOREWEBHOOK_SECRET = '', KOREWEBHOOK_URL = '' } = environment;
    return new this(KOREWEBHOOK_SECRET.split(','), KOREWEBHOOK_URL, options);
  }

  /**
   * Verifies the raw body of a request against its headers.
   *
   * Throws `VerificationError` with the earliest reason in the check order, `TypeError` for a wrong type.
   */
  verify(body: Body, headers: HeadersInput, options?: { readonly method?: 'POST' | undefined }): Delivery;
  verify(body: Body, headers: HeadersInput, options?: { readonly method?: string | undefined }): Delivery | EndpointOnly;
  verify(body: Body, headers: HeadersInput, options?: { readonly method?: string | undefined }): Delivery | EndpointOnly {
    const fields = collect(headers, WANTED);
    const method = readMethod(options);
    // Last, since getters of the caller's may have run until here. Of a body that is too large, one byte more than the
    // bound decides as all of it would.
    const bytes = bytesOf(body, 'body', this.#maxBody + 1);
    begin(CALL.Verify);
    putText(method);
    putFields(fields, 0, LAST_DECIDING);
    reserveOut(bytes.length);
    const said = invoke(this.#instance, bytes);
    const secretIndex = said % SECRETS;
    const format = (said - secretIndex) / SECRETS;
    if (format === GET) {
      return new EndpointOnly(secretIndex);
    }
    const canonical = takeText() ?? (outLength() > 0 ? takeOut() : bytes === body ? bytes : copyOf(bytes, bytes.length));
    settle();
    return new Delivery(this.#engine, this.#instance, canonical, format, secretIndex, fields);
  }

  /** The error for a body over `maxBody` that was not read: `body-too-large`, or what outranks it. */
  refuseUnread(headers: HeadersInput, options?: { readonly method?: string | undefined }): VerificationError {
    const fields = collect(headers, WANTED);
    const method = readMethod(options);
    begin(CALL.RefuseUnread);
    putText(method);
    putFields(fields, 0, LAST_DECIDING);
    return invokeForError(this.#instance);
  }

  /**
   * The signature of a POST by the first secret, in hex. JSON is minified first.
   *
   * Without `contentType`, a body that begins with `{` or `[` is JSON. Throws `VerificationError` for what would not
   * verify.
   */
  sign(body: Body, options?: { readonly contentType?: string | undefined }): string {
    const contentType = readOption(options, 'contentType');
    const bytes = bytesOf(body, 'body', this.#maxBody + 1);
    begin(CALL.Sign);
    putMaybe(contentType);
    return readText(invoke(this.#instance, bytes));
  }

  /** The headers that KORE sends with such a body. A token is drawn and the date is now unless given. */
  headers(
    body: Body,
    options?: {
      readonly contentType?: string | undefined;
      readonly token?: string | undefined;
      readonly date?: string | Date | undefined;
    },
  ): DeliveryHeaders {
    const contentType = readOption(options, 'contentType');
    const token = readOption(options, 'token') ?? randomToken();
    const date = own(options, 'date');
    const seconds = typeof date === 'string' ? undefined : (date === undefined ? Date.now() : readDate(date)) / 1000;
    const bytes = bytesOf(body, 'body', this.#maxBody + 1);
    begin(CALL.Headers);
    putMaybe(contentType);
    putText(token);
    if (seconds === undefined) {
      putMaybe(date as string);
    } else {
      putByte(0);
      putNumber(seconds);
    }
    invoke(this.#instance, bytes);
    const texts = outTexts();
    settle();
    const headers: Record<string, string> = {};
    for (let at = 0; at < texts.length; at += 2) {
      headers[texts[at] as string] = texts[at + 1] as string;
    }
    return headers as unknown as DeliveryHeaders;
  }

  /** The part of the URL that is signed. */
  get url(): string {
    return this.#url;
  }

  /** What is signed and how. */
  get scheme(): Scheme {
    return this.#scheme;
  }

  /** The longest body, in bytes. */
  get maxBody(): number {
    return this.#maxBody;
  }

  /** What works but helps an attacker: `url-http`, `url-bare-host`, `secret-short`. Nothing is ever printed. */
  get warnings(): readonly Warning[] {
    return this.#warnings;
  }

  /** Without the secrets. */
  toJSON(): { secrets: number } {
    return { secrets: this.#secrets };
  }

  /** @internal */
  [INSPECT](): string {
    return `<korewebhook.Webhook secrets=${this.#secrets}>`;
  }
}

function readOptions(options: unknown): {
  allowGet: boolean;
  allowEmptyBody: boolean;
  maxBody: number;
  maxDepth: number;
  format: string | undefined;
  scheme: string | undefined;
} {
  if (typeof options !== 'object' || options === null) {
    throw wrongType(options, 'options', 'an object');
  }
  for (const name of Object.keys(options)) {
    if (!OPTIONS.has(name)) {
      throw new TypeError(`a Webhook has no option of this name: it has ${[...OPTIONS].join(', ')}`);
    }
  }
  const [maxBody, maxDepth] = [own(options, 'maxBody'), own(options, 'maxDepth')];
  return {
    allowGet: readFlag(own(options, 'allowGet'), 'allowGet'),
    allowEmptyBody: readFlag(own(options, 'allowEmptyBody'), 'allowEmptyBody'),
    maxBody: maxBody === undefined ? Number.NaN : size(maxBody, 'maxBody'),
    maxDepth: maxDepth === undefined ? Number.NaN : size(maxDepth, 'maxDepth'),
    format: readOption(options, 'format'),
    scheme: readOption(options, 'scheme'),
  };
}

function readFlag(value: unknown, what: string): boolean {
  if (value !== undefined && typeof value !== 'boolean') {
    throw wrongType(value, what, 'a boolean');
  }
  return value ?? false;
}

/** An option of the object itself: what somebody has put into every object's prototype decides nothing. */
function own(options: object | undefined, name: string): unknown {
  return options !== undefined && Object.hasOwn(options, name) ? (options as Record<string, unknown>)[name] : undefined;
}

/** An option that is a text or left out. */
function readOption(options: object | undefined, name: string): string | undefined {
  const value = own(options, name);
  if (value !== undefined && typeof value !== 'string') {
    throw wrongType(value, name, 'a string');
  }
  return value;
}

function readMethod(options: object | undefined): string {
  if (options !== undefined && (typeof options !== 'object' || options === null)) {
    throw wrongType(options, 'options', 'an object');
  }
  return readOption(options, 'method') ?? 'POST';
}

function readDate(value: unknown): number {
  if (typeof value !== 'object') {
    throw wrongType(value, 'date', 'a string or a Date');
  }
  return millis(value as Time, 'date');
}

/** As KORE's look: 128 bits that nobody guesses. */
function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `RQ${hex(bytes)}`;
}
