import type { Delivery } from '../delivery.js';
import type { BadEvent, CloudEvent, ConnectionEvent } from '../events.js';
import { type Outcome } from '../guard.js';
/**
 * A verified delivery, as the handler of an adapter gets it.
 *
 * Without a guard, `events` are all events of the body. With one, they are those which this handler has claimed: an array
 * that holds an event that was handled before comes without it.
 */
export declare class Received {
    #private;
    /** What was verified: `body`, `json()`, `form()`, `key` and so on, always whole. */
    readonly delivery: Delivery;
    /** What the guard said: of each item of the body, or, where no item has an id, of the whole. Empty without a guard. */
    readonly outcomes: readonly Outcome[];
    /** The CloudEvents to handle now, in the order of the body; none for a form. */
    get events(): (CloudEvent | ConnectionEvent)[];
    /** Items to handle now that are no CloudEvents. */
    get badEvents(): BadEvent[];
    /**
     * Whether something in it is `repeat-body`: seen before under another token, a genuine repeat or a replay. Take it as a
     * hint only, and fetch the state from KORE's API.
     */
    get repeat(): boolean;
}
