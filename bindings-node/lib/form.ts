import { INSPECT } from './symbols.js';

/**
 * The fields of a form that occur exactly once, by name. `pairs` and `all` give the others too.
 *
 * A field that occurs twice is in doubt, because parsers differ over which of the two counts; so `get` gives `null` for
 * it. Names and values are decoded as UTF-8; bytes that are not UTF-8 become U+FFFD.
 */
export class Form implements Iterable<[name: string, value: string]> {
  /** All fields, in the order of the body. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
  readonly #once = new Map<string, string>();

  /** @internal */
  constructor(texts: readonly string[]) {
    const pairs: (readonly [string, string])[] = [];
    const seen = new Set<string>();
    for (let at = 0; at < texts.length; at += 2) {
      const [name, value] = [texts[at] as string, texts[at + 1] as string];
      pairs.push(Object.freeze([name, value] as const));
      if (seen.has(name)) {
        this.#once.delete(name);
      } else {
        this.#once.set(name, value);
      }
      seen.add(name);
    }
    this.pairs = Object.freeze(pairs);
    // Customers' data are for the handler, not for a log.
    Object.defineProperty(this, 'pairs', { enumerable: false });
  }

  /** The value of the only field of this name. */
  get(name: string): string | null {
    return this.#once.get(name) ?? null;
  }

  /** Whether there is exactly one field of this name. */
  has(name: string): boolean {
    return this.#once.has(name);
  }

  /** The values of every field of this name, in the order of the body. */
  all(name: string): string[] {
    return this.pairs.filter(([field]) => field === name).map(([, value]) => value);
  }

  /** How many fields occur exactly once. */
  get size(): number {
    return this.#once.size;
  }

  /** Those fields. */
  [Symbol.iterator](): IterableIterator<[name: string, value: string]> {
    return this.#once.entries();
  }

  /** `ApiVersion`, such as `v1`. */
  get apiVersion(): string | null {
    return this.get('ApiVersion');
  }

  /** `AccountSid`: the account (`AC…`). */
  get accountSid(): string | null {
    return this.get('AccountSid');
  }

  /** `SimSid`: the SIM (`HS…`). */
  get simSid(): string | null {
    return this.get('SimSid');
  }

  /** `SimUniqueName`: the name that the customer gave the SIM. */
  get simUniqueName(): string | null {
    return this.get('SimUniqueName');
  }

  /** `SimStatus`: the state that the SIM has now, such as `active`. Values not known yet will come. */
  get simStatus(): string | null {
    return this.get('SimStatus');
  }

  /** @internal */
  [INSPECT](): string {
    // Names only: values are the customer's data.
    return `<korewebhook.Form ${JSON.stringify(this.pairs.map(([name]) => name))}>`;
  }
}
