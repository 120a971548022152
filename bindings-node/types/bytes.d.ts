/** A body as it comes: a string is taken in UTF-8; one with half a surrogate pair has none and is malformed. */
export type Body = Uint8Array | ArrayBuffer | string;
export declare function isBytes(value: unknown): value is Uint8Array;
/** The bytes of a value, of which at most `most` matter. Shared memory is copied, since it may change meanwhile. */
export declare function bytesOf(value: unknown, what: string, most?: number): Uint8Array;
/** Large memory of its own, all zero. */
export declare function allocate(length: number): Uint8Array<ArrayBuffer>;
/** As `bytesOf`, for a body that may have to be kept. */
export declare function bodyOf(value: unknown, most: number): Uint8Array;
/** What `bodyOf` gave, in memory that is nobody else's. */
export declare function keep(bytes: Uint8Array): Uint8Array;
/** The first bytes in memory of their own. */
export declare function copyOf(bytes: Uint8Array, length: number): Uint8Array;
/** In lower-case hexadecimal digits. */
export declare function hex(bytes: Uint8Array): string;
