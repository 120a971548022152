import { wrongType } from './errors.js';
import { putByte, putCount, putText } from './engine/call.js';
import { FIELDS } from './tables.js';

/**
 * Headers from whatever a framework has: Node's `IncomingHttpHeaders`, `Headers`, pairs, or `rawHeaders` (name, value,
 * name, value …), which alone still has a field twice where a sender wrote it twice.
 */
export type HeadersInput =
  | Iterable<readonly [name: string, value: string]>
  | readonly string[]
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Numbers of fields and their values, in turn. */
export type Fields = (number | string)[];

/** The fields that a call asks for: name to number, and the lengths of their names, by which most others are told at once. */
export interface Wanted {
  readonly numbers: ReadonlyMap<string, number>;
  readonly lengths: readonly boolean[];
}

export function wanted(...names: (typeof FIELDS)[number][]): Wanted {
  const lengths = Array.from({ length: 32 }, (_, length) => names.some((name) => name.length === length));
  return { numbers: new Map(names.map((name) => [name, FIELDS.indexOf(name)])), lengths };
}

const VISIBLE = /^[!-~]*$/;

/** Takes the fields that are wanted, their names compared in ASCII without regard to case. Values of others are not looked at. */
export function collect(headers: unknown, names: Wanted): Fields {
  const fields: Fields = [];
  if (typeof headers !== 'object' || headers === null) {
    throw wrongType(headers, 'headers', 'an object of headers, Headers, pairs or rawHeaders');
  }
  if (typeof Headers !== 'undefined' && headers instanceof Headers) {
    for (const [name, number] of names.numbers) {
      const value = headers.get(name);
      if (value !== null) {
        add(fields, number, value);
      }
    }
  } else if (Array.isArray(headers) && typeof headers[0] === 'string') {
    fromRaw(fields, headers, names);
  } else if (Symbol.iterator in headers) {
    for (const pair of headers as Iterable<unknown>) {
      if (!Array.isArray(pair) || pair.length !== 2) {
        throw wrongType(pair, 'a header', 'a pair of name and value');
      }
      take(fields, pair[0], pair[1], names);
    }
  } else {
    for (const name of Object.keys(headers)) {
      take(fields, name, headers, names, true);
    }
  }
  return fields;
}

function fromRaw(fields: Fields, headers: readonly unknown[], names: Wanted): void {
  if (headers.length % 2 !== 0) {
    throw new TypeError('rawHeaders must hold a value for each name');
  }
  for (let at = 0; at < headers.length; at += 2) {
    take(fields, headers[at], headers[at + 1], names);
  }
}

function take(fields: Fields, name: unknown, holder: unknown, names: Wanted, member = false): void {
  if (typeof name !== 'string') {
    throw wrongType(name, 'a header name', 'a string');
  }
  if (names.lengths[name.length] !== true) {
    return;
  }
  // Lower case by Unicode would take the Kelvin sign for a k.
  const number = names.numbers.get(name) ?? (VISIBLE.test(name) ? names.numbers.get(name.toLowerCase()) : undefined);
  if (number === undefined) {
    return;
  }
  const value: unknown = member ? (holder as Record<string, unknown>)[name] : holder;
  if (Array.isArray(value)) {
    for (const one of value) {
      add(fields, number, one);
    }
  } else if (value !== undefined || !member) {
    add(fields, number, value);
  }
}

function add(fields: Fields, number: number, value: unknown): void {
  if (typeof value !== 'string') {
    throw wrongType(value, 'a header value', 'a string');
  }
  fields.push(number, value);
}

/** The fields as the engine takes them, those from `first` to `last`. */
export function putFields(fields: Fields, first = 0, last = Infinity): void {
  let count = 0;
  for (let at = 0; at < fields.length; at += 2) {
    const number = fields[at] as number;
    count += Number(number >= first && number <= last);
  }
  putCount(count);
  for (let at = 0; at < fields.length; at += 2) {
    const number = fields[at] as number;
    if (number >= first && number <= last) {
      putByte(number);
      putText(fields[at + 1] as string);
    }
  }
}
