import { bytesOf, hex, isBytes } from './bytes.js';
import { begin, CALL, invoke, outBytes, putBytes, putMaybe, putRaw, readBytes, settle, stateless } from './engine/call.js';
import type { Engine } from './engine/engine.js';
import { wrongType } from './errors.js';
import { INSPECT } from './symbols.js';

/** Key, content, whether it has an id, time or NaN: as the engine writes it. */
const RECORD = 32 + 32 + 1 + 8;

/** By this a key of another copy of the package is known: that of CommonJS beside that of ESM, or of another version. */
const OF: unique symbol = Symbol.for('korewebhook.ReplayKey/1') as never;

function recordOf(key: unknown): Uint8Array {
  const record: unknown = typeof key === 'object' && key !== null ? (key as { [OF]?: unknown })[OF] : undefined;
  if (!isBytes(record) || record.length !== RECORD) {
    throw new TypeError('not a ReplayKey');
  }
  return record;
}

/** One thing to remember of a delivery. */
export class ReplayKey {
  readonly #engine: Engine;
  readonly #record: Uint8Array;

  /** @internal */
  constructor(engine: Engine, record: Uint8Array) {
    this.#engine = engine;
    this.#record = record;
  }

  /** @internal */
  get [OF](): Uint8Array {
    return this.#record;
  }

  /** The key, in hex. */
  get key(): string {
    return hex(this.#record.subarray(0, 32));
  }

  /** Whether a signed id stands behind it. */
  get hasId(): boolean {
    return this.#record[64] !== 0;
  }

  /** The signed time. */
  get time(): Date | null {
    const time = new DataView(this.#record.buffer, this.#record.byteOffset).getFloat64(65, true);
    return Number.isNaN(time) ? null : new Date(time);
  }

  /** What tells entries of one key apart: 32 bytes. The content of an event, else the token, else the owner. */
  tag(token: string | null, owner: Uint8Array): Uint8Array {
    const [given, by] = [readToken(token), readOwner(owner)];
    begin(CALL.Tag);
    putMaybe(given);
    putBytes(by);
    putRecord(this);
    invoke(stateless(this.#engine));
    return readBytes(32);
  }

  toJSON(): { key: string; hasId: boolean; time: Date | null } {
    return { key: this.key, hasId: this.hasId, time: this.time };
  }

  /** @internal */
  [INSPECT](): string {
    return `<korewebhook.ReplayKey ${this.key}>`;
  }
}

/** The keys that a call has written. */
export function readKeys(engine: Engine, count: number): ReplayKey[] {
  const records = outBytes().slice();
  settle();
  return Array.from({ length: count }, (_, at) => new ReplayKey(engine, records.subarray(at * RECORD, (at + 1) * RECORD)));
}

/** Keys as they are given to a guard. */
export function checkKeys(value: unknown): readonly ReplayKey[] {
  const wrong = () => wrongType(value, 'keys', 'an iterable of ReplayKey');
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) {
    throw wrong();
  }
  const keys = [...(value as Iterable<unknown>)];
  for (const key of keys) {
    try {
      recordOf(key);
    } catch {
      throw wrong();
    }
  }
  return keys as ReplayKey[];
}

export function putRecord(key: ReplayKey): void {
  putRaw(recordOf(key));
}

export function readOwner(owner: unknown): Uint8Array {
  if (!isBytes(owner)) {
    throw wrongType(owner, 'owner', 'a Uint8Array');
  }
  return bytesOf(owner, 'owner');
}

/** A token, or that there is none. */
export function readToken(token: unknown): string | null {
  if (token !== null && token !== undefined && typeof token !== 'string') {
    throw wrongType(token, 'token', 'a string or null');
  }
  return token ?? null;
}
