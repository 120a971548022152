/** A body as it comes: a string is taken in UTF-8; one with half a surrogate pair has none and is malformed. */
export type Body = Uint8Array | ArrayBuffer | string;
export declare const lengthOf: (value: unknown) => number;
export declare function isBytes(value: unknown): value is Uint8Array;
/** The bytes of a value, of which at most `most` matter. Shared memory is copied, since it may change meanwhile. */
export declare function bytesOf(value: unknown, what: string, most?: number): Uint8Array;
/** The first bytes in memory of their own. */
export declare function copyOf(bytes: Uint8Array, length: number): Uint8Array;
/** The same memory as a `Buffer`, where there are such. */
export declare function bufferOver(bytes: Uint8Array): Uint8Array;
/** The bytes of a text that has a character for each. Only the addon makes such texts, so there is a `Buffer`. */
export declare function bytesOfText(text: string): Uint8Array;
/** Whether such a text is the one that its bytes say. */
export declare function isAscii(text: string): boolean;
/** In lower-case hexadecimal digits. */
export declare function hex(bytes: Uint8Array): string;
