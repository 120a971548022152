/**
 * The first bytes of a body, as its chunks come. In one piece of memory, because a body of one-byte chunks would otherwise take
 * a hundred times its size.
 */
export declare class Collector {
    #private;
    /** Keeps at most this many. */
    constructor(most: number);
    /** Whether nothing more is wanted. */
    get full(): boolean;
    add(chunk: Uint8Array): void;
    get bytes(): Uint8Array;
}
