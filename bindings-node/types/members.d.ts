import type { Engine } from './engine/engine.js';
/** The members of a JSON object by name and type; `null` for what is not as expected. The engine has checked its grammar. */
export declare class Members {
    #private;
    constructor(engine: Engine, text: Uint8Array);
    /** The value of the only member of this name. */
    value(name: string): unknown;
    text(name: string): string | null;
    time(name: string): Date | null;
    count(name: string): number | null;
    number(name: string): number | null;
    object(name: string): Members | null;
    /** The members whose names occur once. */
    entries(): [name: string, value: unknown][];
}
