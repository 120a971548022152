/**
 * The fields of a form that occur exactly once, by name. `pairs` and `all` give the others too.
 *
 * A field that occurs twice is in doubt, because parsers differ over which of the two counts; so `get` gives `null` for
 * it. Names and values are decoded as UTF-8; bytes that are not UTF-8 become U+FFFD.
 */
export declare class Form implements Iterable<[name: string, value: string]> {
    #private;
    /** All fields, in the order of the body. */
    readonly pairs: readonly (readonly [name: string, value: string])[];
    /** The value of the only field of this name. */
    get(name: string): string | null;
    /** Whether there is exactly one field of this name. */
    has(name: string): boolean;
    /** The values of every field of this name, in the order of the body. */
    all(name: string): string[];
    /** How many fields occur exactly once. */
    get size(): number;
    /** Those fields. */
    [Symbol.iterator](): IterableIterator<[name: string, value: string]>;
    /** `ApiVersion`, such as `v1`. */
    get apiVersion(): string | null;
    /** `AccountSid`: the account (`AC…`). */
    get accountSid(): string | null;
    /** `SimSid`: the SIM (`HS…`). */
    get simSid(): string | null;
    /** `SimUniqueName`: the name that the customer gave the SIM. */
    get simUniqueName(): string | null;
    /** `SimStatus`: the state that the SIM has now, such as `active`. Values not known yet will come. */
    get simStatus(): string | null;
}
