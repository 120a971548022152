import { wrongType } from './errors.js';

/** A body as it comes: a string is taken in UTF-8; one with half a surrogate pair has none and is malformed. */
export type Body = Uint8Array | ArrayBuffer | string;

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** Asks the object itself, whatever it or a proxy of it pretends. */
function getter(prototype: object, name: PropertyKey): (value: unknown) => unknown {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get as () => unknown;
  return (value) => get.call(value);
}

const kindOf = getter(typedArray, Symbol.toStringTag);
const bufferOf = getter(typedArray, 'buffer');
const offsetOf = getter(typedArray, 'byteOffset');
export const lengthOf = getter(typedArray, 'length') as (value: unknown) => number;
const sizeOf = getter(ArrayBuffer.prototype, 'byteLength') as (value: unknown) => number;
const set = Uint8Array.prototype.set;
const itemAt = Uint8Array.prototype.at;
const encoder = new TextEncoder();

interface NodeBuffer {
  readonly prototype: Uint8Array;
  from(text: string, encoding: 'latin1'): Uint8Array<ArrayBuffer>;
  from(memory: ArrayBufferLike, offset: number, length: number): Uint8Array;
  byteLength(text: string): number;
  allocUnsafe(length: number): Uint8Array<ArrayBuffer>;
}

/** Node's and Bun's, which take small ones from a pool. */
const { Buffer } = globalThis as { Buffer?: NodeBuffer };

export function isBytes(value: unknown): value is Uint8Array {
  return kindOf(value) === 'Uint8Array';
}

function isArrayBuffer(value: unknown): value is ArrayBuffer {
  try {
    sizeOf(value);
    return true;
  } catch {
    return false;
  }
}

/** The bytes of a value, of which at most `most` matter. Shared memory is copied, since it may change meanwhile. */
export function bytesOf(value: unknown, what: string, most = Infinity): Uint8Array {
  if (typeof value === 'string') {
    return value.isWellFormed() ? encoder.encode(value) : malformed(value);
  }
  if (isBytes(value)) {
    return viewOf(value, what, most);
  }
  if (isArrayBuffer(value)) {
    return viewOf(new Uint8Array(value), what, most);
  }
  throw wrongType(value, what, 'a Uint8Array, an ArrayBuffer or a string');
}

/** A text with half a surrogate pair has no UTF-8, so it becomes bytes that are none: else it would pass for another text. */
function malformed(text: string): Uint8Array {
  const halves = /[\ud800-\udfff]/gu;
  const pieces = text.split(halves).map((piece) => encoder.encode(piece));
  const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length + 1, -1)).fill(0xff);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length + 1;
  }
  return bytes;
}

function viewOf(value: Uint8Array, what: string, most: number): Uint8Array {
  const length = lengthOf(value);
  if (length === 0) {
    try {
      itemAt.call(value, 0);
    } catch {
      throw new TypeError(`the buffer of ${what} was transferred or cut: take a copy before`);
    }
  }
  const buffer = bufferOf(value) as ArrayBuffer;
  const prototype: unknown = Object.getPrototypeOf(value);
  const known = prototype === Uint8Array.prototype || (Buffer !== undefined && prototype === Buffer.prototype);
  if (known && !Object.hasOwn(value, 'length') && length <= most && isArrayBuffer(buffer)) {
    return value;
  }
  const view = new Uint8Array(buffer, offsetOf(value) as number, Math.min(length, most));
  return isArrayBuffer(buffer) ? view : new Uint8Array(view);
}

/** Stands behind the last large memory: else malloc gives the end of its heap back, and has it faulted in again. */
const behind = { memory: new Uint8Array() };
const BEHIND = 1 << 14;
const LARGE = 1 << 16;

/** The first bytes in memory of their own. */
export function copyOf(bytes: Uint8Array, length: number): Uint8Array {
  const target = Buffer === undefined ? new Uint8Array(length) : Buffer.allocUnsafe(length);
  if (length > LARGE) {
    behind.memory = new Uint8Array(BEHIND);
  }
  set.call(target, lengthOf(bytes) === length ? bytes : bytes.subarray(0, length));
  return target;
}

/** The same memory as a `Buffer`, where there are such. */
export function bufferOver(bytes: Uint8Array): Uint8Array {
  return Buffer === undefined ? bytes : Buffer.from(bufferOf(bytes) as ArrayBuffer, offsetOf(bytes) as number, lengthOf(bytes));
}

/** The bytes of a text that has a character for each. Only the addon makes such texts, so there is a `Buffer`. */
export function bytesOfText(text: string): Uint8Array {
  return (Buffer as NodeBuffer).from(text, 'latin1');
}

/** Whether such a text is the one that its bytes say. */
export function isAscii(text: string): boolean {
  return (Buffer as NodeBuffer).byteLength(text) === text.length;
}

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** In lower-case hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += digits[byte];
  }
  return text;
}
