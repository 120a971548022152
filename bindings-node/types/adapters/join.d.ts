/** Chunks in one piece. */
export declare function join(chunks: readonly Uint8Array[], length: number): Uint8Array;
