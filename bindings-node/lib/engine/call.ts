import { copyOf } from '../bytes.js';
import { errorOf, type VerificationError } from '../errors.js';
import { CALL, TEXTS, USUAL } from '../tables.js';
import { OUT, type Engine, type Instance } from './engine.js';

/*
 * The arguments of the call that is being put together, and its results. There is one of each, as a call is never put
 * together while code of the caller's runs: whatever has getters is read before.
 */
const IO = 4096;
const SHORT = 16;
const KEPT = 256;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

let io = new Uint8Array(IO);
let view = new DataView(io.buffer);
let at = 0;
let out = OUT;
let text: string | undefined;
let tails: (Uint8Array | undefined)[] = nothing(KEPT);

function nothing(length: number): undefined[] {
  return new Array<undefined>(length).fill(undefined);
}

function replaceIo(length: number): void {
  io = new Uint8Array(length);
  view = new DataView(io.buffer);
  tails = nothing(KEPT);
}

function ensure(more: number): void {
  if (at + more > io.length) {
    grow(more);
  }
}

function grow(more: number): void {
  const before = io;
  replaceIo((at + more) * 2);
  io.set(before);
  before.fill(0); // it may hold secrets
}

/** Begins the arguments of a call. */
export function begin(call: number): void {
  if (io.length < IO) {
    replaceIo(IO); // somebody has got hold of it and transferred it
  }
  io[0] = call;
  at = 1;
}

export function putByte(number: number): void {
  ensure(1);
  io[at++] = number;
}

export function putCount(number: number): void {
  ensure(4);
  view.setUint32(at, number, true);
  at += 4;
}

export function putNumber(number: number): void {
  ensure(8);
  view.setFloat64(at, number, true);
  at += 8;
}

export function putBytes(bytes: Uint8Array): void {
  putCount(bytes.length);
  putRaw(bytes);
}

/** Bytes whose length is known. */
export function putRaw(bytes: Uint8Array): void {
  ensure(bytes.length);
  io.set(bytes, at);
  at += bytes.length;
}

/** The usual texts by their lengths, of which no two have the same. */
const usualTexts: ({ readonly text: string; readonly code: number } | undefined)[] = nothing(KEPT);
TEXTS.forEach((text, number) => (usualTexts[text.length] = { text, code: USUAL + number }));

/** A text in UTF-8. One that has none becomes a byte that is part of nothing that is accepted. */
export function putText(text: string): void {
  ensure(4 + 3 * text.length);
  write(text, at);
}

/** A number in a byte, and a text. */
export function putField(number: number, text: string): void {
  ensure(5 + 3 * text.length);
  io[at] = number;
  write(text, at + 1);
}

function write(text: string, where: number): void {
  const { length } = text;
  const usual = length < KEPT ? usualTexts[length] : undefined;
  if (usual !== undefined && usual.text === text) {
    view.setUint32(where, usual.code, true);
    at = where + 4;
  } else {
    const start = where + 4;
    const written = length <= SHORT ? putAscii(text, start) : encode(text, start);
    view.setUint32(where, written, true);
    at = start + written;
  }
}

/** Quicker for a short one than the encoder. */
function putAscii(text: string, start: number): number {
  const bytes = io;
  let seen = 0;
  for (let from = 0; from < text.length; from++) {
    const code = text.charCodeAt(from);
    seen |= code;
    bytes[start + from] = code;
  }
  return seen <= 0x7f ? text.length : encode(text, start);
}

function encode(text: string, start: number): number {
  const { written } = encoder.encodeInto(text, tail(start));
  if (written === text.length || text.isWellFormed()) {
    return written;
  }
  io[start] = 0xff;
  return 1;
}

/** What begins there: kept for next time, as calls of one kind have their texts in the same places. */
function tail(start: number): Uint8Array {
  return start < KEPT ? (tails[start] ??= io.subarray(start)) : io.subarray(start);
}

/** Where results stand that are longer: kept, because to fault in fresh memory costs more than to write it. */
let long = new Uint8Array();
const LONGEST_KEPT = 1 << 20;

/** Makes room for results of this length, where that is more than there is. */
export function reserveOut(length: number): void {
  if (length > OUT.length) {
    if (length > long.length) {
      long = new Uint8Array(length);
    }
    out = long;
  }
}

/** Says whether something follows, and it. */
export function putMaybe(value: string | Uint8Array | null | undefined): void {
  if (value === null || value === undefined) {
    putByte(0);
  } else {
    putByte(1);
    put(value);
  }
}

export function put(value: string | Uint8Array): void {
  if (typeof value === 'string') {
    putText(value);
  } else {
    putBytes(value);
  }
}

const NOTHING = new Uint8Array();

function run(instance: Instance, body: Uint8Array): number {
  const said = instance.run(io, at, body, out);
  if (typeof said === 'number') {
    return said;
  }
  text = said;
  return io[4] as number;
}

/** Makes the call and gives its number; results are read from then on. Throws what the core refused. */
export function invoke(instance: Instance, body: Uint8Array = NOTHING): number {
  let said = run(instance, body);
  if (said <= -MORE) {
    reserveOut(-said);
    said = run(instance, body);
  }
  at = 4;
  if (said >= 0) {
    return said;
  }
  if (said !== FAILED) {
    throw new RangeError('there is no memory for so much');
  }
  throw readError();
}

const FAILED = -1;
const MORE = 16;

/** The same for arguments that hold secrets: they don't stay. */
export function invokeSecretly(instance: Instance): number {
  try {
    return invoke(instance);
  } finally {
    io.fill(0);
    instance.wipe?.();
    settle();
  }
}

/** The same where the engine always answers with an error. */
export function invokeForError(instance: Instance): VerificationError {
  const said = run(instance, NOTHING);
  at = 4;
  return said === FAILED ? readError() : errorOf(0, '', Number.NaN);
}

/** Gives up what a large call has needed. */
export function settle(): void {
  out = OUT;
  if (long.length > LONGEST_KEPT) {
    long = new Uint8Array();
  }
  if (io.length > OUT.length) {
    replaceIo(IO);
  }
}

function readError(): VerificationError {
  const number = readByte();
  const offset = readNumber();
  const length = view.getUint32(at, true);
  const detail = decoder.decode(io.subarray(at + 4, at + 4 + length));
  settle();
  return errorOf(number, detail, offset);
}

export function readByte(): number {
  return io[at++] as number;
}

export function readNumber(): number {
  const number = view.getFloat64(at, true);
  at += 8;
  return number;
}

export function readBytes(length: number): Uint8Array {
  return io.slice(at, (at += length));
}

export function readText(length: number): string {
  return decoder.decode(io.subarray(at, (at += length)));
}

/** How much of `out` was used. */
export function outLength(): number {
  return view.getUint32(0, true);
}

/** What stands in `out`, until the next call. */
export function outBytes(): Uint8Array {
  return out.subarray(0, outLength());
}

/** The same in memory that is nobody else's. */
export function takeOut(): Uint8Array {
  return copyOf(out, outLength());
}

/** The same as text, where the engine has made one of it. */
export function takeText(): string | undefined {
  const taken = text;
  text = undefined;
  return taken;
}

/** The byte strings in `out`, one after the other. */
export function outTexts(): string[] {
  const texts: string[] = [];
  const length = outLength();
  const numbers = new DataView(out.buffer, out.byteOffset);
  for (let from = 0; from < length; ) {
    const end = from + 4 + numbers.getUint32(from, true);
    texts.push(decoder.decode(out.subarray(from + 4, end)));
    from = end;
  }
  return texts;
}

const shared = new WeakMap<Engine, Instance>();

/** For calls that need no object. */
export function stateless(engine: Engine): Instance {
  let instance = shared.get(engine);
  if (instance === undefined) {
    shared.set(engine, (instance = engine.create()));
  }
  return instance;
}

export { CALL };
