import type { Delivery } from '../delivery.js';
import type { BadEvent, CloudEvent, ConnectionEvent, KoreEvent } from '../events.js';
import { isClaimed, type Outcome } from '../guard.js';
import { INSPECT } from '../symbols.js';

/**
 * A verified delivery, as the handler of an adapter gets it.
 *
 * Without a guard, `events` are all events of the body. With one, they are those which this handler has claimed: an array
 * that holds an event that was handled before comes without it.
 */
export class Received {
  /** What was verified: `body`, `json()`, `form()`, `key` and so on, always whole. */
  readonly delivery: Delivery;
  /** What the guard said: of each item of the body, or, where no item has an id, of the whole. Empty without a guard. */
  readonly outcomes: readonly Outcome[];
  #claimed: readonly KoreEvent[] | undefined;

  /** @internal */
  constructor(delivery: Delivery, outcomes: readonly Outcome[] = []) {
    this.delivery = delivery;
    this.outcomes = Object.freeze([...outcomes]);
  }

  /** The CloudEvents to handle now, in the order of the body; none for a form. */
  get events(): (CloudEvent | ConnectionEvent)[] {
    return this.#items().filter((event) => event.kind !== 'bad');
  }

  /** Items to handle now that are no CloudEvents. */
  get badEvents(): BadEvent[] {
    return this.#items().filter((event) => event.kind === 'bad');
  }

  /**
   * Whether something in it is `repeat-body`: seen before under another token, a genuine repeat or a replay. Take it as a
   * hint only, and fetch the state from KORE's API.
   */
  get repeat(): boolean {
    return this.outcomes.includes('repeat-body');
  }

  #items(): readonly KoreEvent[] {
    if (this.#claimed === undefined) {
      const events = this.delivery.events();
      const { outcomes } = this;
      // Else there is one outcome for the whole, or no guard.
      const each = outcomes.length === events.length;
      this.#claimed = each ? events.filter((_, index) => isClaimed(outcomes[index] as Outcome)) : events;
    }
    return this.#claimed;
  }

  /** @internal */
  [INSPECT](): string {
    const { format, key } = this.delivery;
    return `<korewebhook.Received ${[format, ...this.outcomes].join(' ')} key=${key}>`;
  }
}
