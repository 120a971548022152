import { type KoreEvent } from './events.js';
import { Form } from './form.js';
import { type ReplayKey } from './keys.js';
/** A verified delivery: method, URL and body are what a holder of the secret signed. */
export declare class Delivery {
    #private;
    /**
     * The canonical body: what was signed and what to parse. It is the very object that was verified where that is a
     * `Uint8Array` and canonical already, and not in shared memory; else one of its own, a `Buffer` where there are such. The
     * delivery's other properties are made of it when they are asked for, so don't write to it.
     */
    get body(): Uint8Array;
    /** What the body is. */
    get format(): 'json' | 'form';
    /** Which secret matched, from 0. */
    get secretIndex(): number;
    /** The delivery key, in hex: the same for every retry and after a rotation. */
    get key(): string;
    /** KORE's token, if there is one that is well formed. Not signed. */
    get idempotencyToken(): string | null;
    /** When it was sent. Not signed, so of no use against replay. */
    get date(): Date | null;
    /** Parses a JSON body. As everywhere in JavaScript, a number over 2^53 loses digits and the last of two members counts. */
    json(): unknown;
    /** The events of a JSON body, in order. Empty for a form. */
    events(): KoreEvent[];
    /** The fields of a form. Empty for JSON. */
    form(): Form;
    /** What a guard has to remember: one key for each event that has an id, else one for the whole. */
    replayKeys(): ReplayKey[];
    /** What may be logged. */
    toJSON(): {
        format: 'json' | 'form';
        bytes: number;
        key: string;
    };
}
/** A verified GET, where allowed. Its signature is a constant of the endpoint: nothing of the event is authentic. */
export declare class EndpointOnly {
    #private;
    /** Which secret matched, from 0. */
    get secretIndex(): number;
    toJSON(): {
        secretIndex: number;
    };
}
