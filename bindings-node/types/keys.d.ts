import type { Engine } from './engine/engine.js';
/** One thing to remember of a delivery. */
export declare class ReplayKey {
    #private;
    /** The key, in hex. */
    get key(): string;
    /** Whether a signed id stands behind it. */
    get hasId(): boolean;
    /** The signed time. */
    get time(): Date | null;
    /** What tells entries of one key apart: 32 bytes. The content of an event, else the token, else the owner. */
    tag(token: string | null, owner: Uint8Array): Uint8Array;
    toJSON(): {
        key: string;
        hasId: boolean;
        time: Date | null;
    };
}
/** The keys that a call has written. */
export declare function readKeys(engine: Engine, count: number): ReplayKey[];
/** Keys as they are given to a guard. */
export declare function checkKeys(value: unknown): readonly ReplayKey[];
export declare function putRecord(key: ReplayKey): void;
export declare function readOwner(owner: unknown): Uint8Array;
/** A token, or that there is none. */
export declare function readToken(token: unknown): string | null;
