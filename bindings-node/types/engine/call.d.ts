import { type VerificationError } from '../errors.js';
import { CALL } from '../tables.js';
import { type Engine, type Instance } from './engine.js';
/** Begins the arguments of a call. */
export declare function begin(call: number): void;
export declare function putByte(number: number): void;
export declare function putCount(number: number): void;
export declare function putNumber(number: number): void;
export declare function putBytes(bytes: Uint8Array): void;
/** Bytes whose length is known. */
export declare function putRaw(bytes: Uint8Array): void;
/** A text in UTF-8. One that has none becomes a byte that is part of nothing that is accepted. */
export declare function putText(text: string): void;
/** A number in a byte, and a text. */
export declare function putField(number: number, text: string): void;
/** Makes room for results of this length, where that is more than there is. */
export declare function reserveOut(length: number): void;
/** Says whether something follows, and it. */
export declare function putMaybe(value: string | Uint8Array | null | undefined): void;
export declare function put(value: string | Uint8Array): void;
/** Makes the call and gives its number; results are read from then on. Throws what the core refused. */
export declare function invoke(instance: Instance, body?: Uint8Array): number;
/** The same for arguments that hold secrets: they don't stay. */
export declare function invokeSecretly(instance: Instance): number;
/** The same where the engine always answers with an error. */
export declare function invokeForError(instance: Instance): VerificationError;
/** Gives up what a large call has needed. */
export declare function settle(): void;
export declare function readByte(): number;
export declare function readNumber(): number;
export declare function readBytes(length: number): Uint8Array;
export declare function readText(length: number): string;
/** How much of `out` was used. */
export declare function outLength(): number;
/** What stands in `out`, until the next call. */
export declare function outBytes(): Uint8Array;
/** The same in memory that is nobody else's. */
export declare function takeOut(): Uint8Array;
/** The same as text, where the engine has made one of it. */
export declare function takeText(): string | undefined;
/** The byte strings in `out`, one after the other. */
export declare function outTexts(): string[];
/** For calls that need no object. */
export declare function stateless(engine: Engine): Instance;
export { CALL };
