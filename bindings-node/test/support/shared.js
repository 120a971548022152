// What the applications of the adapter tests do with deliveries, and how the tests look inside.

import { ReplayGuard, Webhook } from 'korewebhook';
import { Counters } from 'korewebhook/node';
import { fixedClock } from 'korewebhook/testing';
import { SECRET, URL_ } from './signing.js';

/** One CloudEvent in canonical form. It has no time, so no clock makes it stale. */
export const event = (id) => `{"id":"${id}","source":"kore-events","type":"com.kore.eventstreams.test.event"}`;

/** A promise, and what settles it. */
export function gate() {
  const made = {};
  made.passed = new Promise((resolve) => (made.open = resolve));
  return made;
}

export class Shared {
  webhook = new Webhook(SECRET, URL_, { maxBody: 2000, allowGet: true });
  counters = new Counters();
  clock = fixedClock();
  guard = new ReplayGuard({ capacity: 256 });
  handled = [];
  bodies = [];
  rejected = [];
  /** Opened by a handler that has begun, and for it to go on. */
  begun = gate();
  go = gate();

  /** The options of an adapter. `onReject` fails in every way, which must not change an answer. */
  options(more = {}) {
    const onReject = (reason, context) => {
      this.rejected.push({ reason, ...context });
      if (this.rejected.length % 2) {
        throw new Error('onReject is broken');
      }
      return Promise.reject(new Error('onReject is broken'));
    };
    return { guard: this.guard, onReject, counters: this.counters, clock: this.clock, ...more };
  }

  count(reason) {
    return this.counters.snapshot()[reason] ?? 0;
  }

  times(name) {
    return this.handled.filter((handled) => handled === name).length;
  }

  /** Resolves once something has been counted as often. */
  async counted(reason, times) {
    while (this.count(reason) < times) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The handlers, by the routes at which the applications have them. */
  handlers = {
    '/kore/': (received) => {
      this.keep(received);
    },
    '/raises/': async (received) => {
      if (this.keep(received)) {
        throw new Error('not this time');
      }
    },
    '/throws/': (received) => {
      if (this.keep(received)) {
        throw undefined;
      }
    },
    // Nobody would wait for them.
    '/promises/': (received) => (this.keep(received) ? [Promise.resolve()] : undefined),
    '/slow/': async (received) => {
      this.keep(received);
      this.begun.open();
      await this.go.passed;
    },
  };

  /** Keeps what was to be handled; true for what comes the first time. */
  keep(received) {
    const names = [...received.events.map(({ id }) => id), ...received.badEvents.map(({ reason }) => `bad ${reason}`)];
    if (received.delivery.format === 'form') {
      names.push(`${received.delivery.form().simStatus}${received.repeat ? ' repeat' : ''}`);
    }
    const first = !this.handled.includes(names[0]);
    this.handled.push(...names);
    this.bodies.push(Buffer.from(received.delivery.body).toString());
    return first;
  }
}
