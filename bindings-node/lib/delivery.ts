import { bytesOfText, hex, isAscii, lengthOf } from './bytes.js';
import { begin, CALL, invoke, outTexts, putByte, putText, readBytes, readNumber, settle, stateless } from './engine/call.js';
import type { Engine, Instance } from './engine/engine.js';
import { parseEvents, type KoreEvent } from './events.js';
import { Form } from './form.js';
import { readKeys, type ReplayKey } from './keys.js';
import { putFields, type Fields } from './headers.js';
import { INSPECT } from './symbols.js';
import { FIELDS } from './tables.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const JSON_FORMAT = 0;
const TOKEN = FIELDS.indexOf('kore-idempotency-token');

interface Unsigned {
  readonly token: string | null;
  readonly date: number | null;
}

/** A verified delivery: method, URL and body are what a holder of the secret signed. */
export class Delivery {
  readonly #engine: Engine;
  readonly #instance: Instance;
  /** Perhaps as text, a character for each byte, until somebody asks for it. */
  #body: string | Uint8Array;
  readonly #length: number;
  readonly #format: number;
  readonly #secretIndex: number;
  readonly #fields: Fields;
  #key: string | undefined;
  #unsigned: Unsigned | undefined;

  /** @internal */
  constructor(engine: Engine, instance: Instance, body: string | Uint8Array, format: number, secretIndex: number, fields: Fields) {
    this.#engine = engine;
    this.#instance = instance;
    this.#body = body;
    this.#length = body.length;
    this.#format = format;
    this.#secretIndex = secretIndex;
    this.#fields = fields;
  }

  /**
   * The canonical body: what was signed and what to parse. It is the very object that was verified where that is a
   * `Uint8Array` and canonical already, and not in shared memory; else one of its own, a `Buffer` where there are such. The
   * delivery's other properties are made of it when they are asked for, so don't write to it.
   */
  get body(): Uint8Array {
    if (typeof this.#body === 'string') {
      this.#body = bytesOfText(this.#body);
    }
    return this.#body;
  }

  /** The body for a call, to be read before one begins. One that is gone has no key: that of nothing would pass for it. */
  #bytes(): Uint8Array {
    const { body } = this;
    if (lengthOf(body) !== this.#length) {
      throw new TypeError('the body of this delivery was transferred or cut: take a copy before');
    }
    return body;
  }

  /** What the body is. */
  get format(): 'json' | 'form' {
    return this.#format === JSON_FORMAT ? 'json' : 'form';
  }

  /** Which secret matched, from 0. */
  get secretIndex(): number {
    return this.#secretIndex;
  }

  /** The delivery key, in hex: the same for every retry and after a rotation. */
  get key(): string {
    if (this.#key === undefined) {
      const bytes = this.#bytes();
      begin(CALL.Key);
      putByte(this.#format);
      invoke(this.#instance, bytes);
      this.#key = hex(readBytes(32));
    }
    return this.#key;
  }

  /** KORE's token, if there is one that is well formed. Not signed. */
  get idempotencyToken(): string | null {
    return this.#readUnsigned().token;
  }

  /** When it was sent. Not signed, so of no use against replay. */
  get date(): Date | null {
    const { date } = this.#readUnsigned();
    return date === null ? null : new Date(date);
  }

  #readUnsigned(): Unsigned {
    if (this.#unsigned === undefined) {
      begin(CALL.Unsigned);
      putText('POST');
      putFields(this.#fields);
      const hasToken = invoke(stateless(this.#engine)) === 1;
      const date = readNumber();
      this.#unsigned = {
        token: hasToken ? (this.#fields[TOKEN] as string) : null,
        date: Number.isNaN(date) ? null : date,
      };
    }
    return this.#unsigned;
  }

  /** Parses a JSON body. As everywhere in JavaScript, a number over 2^53 loses digits and the last of two members counts. */
  json(): unknown {
    const body = this.#body;
    const text = typeof body === 'string' && isAscii(body) ? body : decoder.decode(this.#bytes());
    return JSON.parse(text) as unknown;
  }

  /** The events of a JSON body, in order. Empty for a form. */
  events(): KoreEvent[] {
    return parseEvents(this.#engine, this.#instance, this.#bytes(), this.#format);
  }

  /** The fields of a form. Empty for JSON. */
  form(): Form {
    if (this.#format === JSON_FORMAT) {
      return new Form([]);
    }
    const bytes = this.#bytes();
    begin(CALL.Fields);
    invoke(this.#instance, bytes);
    const texts = outTexts();
    settle();
    return new Form(texts);
  }

  /** What a guard has to remember: one key for each event that has an id, else one for the whole. */
  replayKeys(): ReplayKey[] {
    const bytes = this.#bytes();
    begin(CALL.ReplayKeys);
    putByte(this.#format);
    return readKeys(this.#engine, invoke(this.#instance, bytes));
  }

  /** What may be logged. */
  toJSON(): { format: 'json' | 'form'; bytes: number; key: string } {
    return { format: this.format, bytes: this.#length, key: this.key };
  }

  /** @internal */
  [INSPECT](): string {
    return `<korewebhook.Delivery ${this.format} bytes=${this.#length} key=${this.key}>`;
  }
}

/** A verified GET, where allowed. Its signature is a constant of the endpoint: nothing of the event is authentic. */
export class EndpointOnly {
  readonly #secretIndex: number;

  /** @internal */
  constructor(secretIndex: number) {
    this.#secretIndex = secretIndex;
  }

  /** Which secret matched, from 0. */
  get secretIndex(): number {
    return this.#secretIndex;
  }

  toJSON(): { secretIndex: number } {
    return { secretIndex: this.#secretIndex };
  }

  /** @internal */
  [INSPECT](): string {
    return `<korewebhook.EndpointOnly secretIndex=${this.#secretIndex}>`;
  }
}
