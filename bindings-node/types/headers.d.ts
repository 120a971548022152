import { FIELDS } from './tables.js';
/**
 * Headers from whatever a framework has: Node's `IncomingHttpHeaders`, `Headers`, pairs, or `rawHeaders` (name, value,
 * name, value …), which alone still has a field twice where a sender wrote it twice.
 */
export type HeadersInput = Iterable<readonly [name: string, value: string]> | readonly string[] | Readonly<Record<string, string | readonly string[] | undefined>>;
/** The values of the fields that a call asks for, by the number of the field: a list where one occurs more than once. */
export type Fields = (string | string[] | undefined)[];
interface Name {
    readonly name: string;
    /** Its first letter. */
    readonly first: number;
    readonly number: number;
    /** The next one of the same length. */
    readonly next: Name | undefined;
}
/** The fields that a call asks for, by the lengths of their names: most others are told by that at once. */
export type Wanted = readonly (Name | undefined)[];
export declare function wanted(...names: (typeof FIELDS)[number][]): Wanted;
/** Takes the fields that are wanted, their names compared in ASCII without regard to case. Values of others are not looked at. */
export declare function collect(headers: unknown, names: Wanted): Fields;
/** The fields as the engine takes them, those from `first` to `last`: the last of the arguments. */
export declare function putFields(fields: Fields, first?: number, last?: number): void;
export {};
