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

interface Name {
  readonly name: string;
  /** Its first letter. */
  readonly first: number;
  readonly number: number;
}

/** The fields that a call asks for, by the lengths of their names: most others are told by that at once. */
export type Wanted = readonly (readonly Name[] | undefined)[];

export function wanted(...names: (typeof FIELDS)[number][]): Wanted {
  const byLength: Name[][] = [];
  for (const name of names) {
    (byLength[name.length] ??= []).push({ name, first: name.charCodeAt(0), number: FIELDS.indexOf(name) });
  }
  return byLength;
}

const VISIBLE = /^[!-~]*$/;
const LOWER_CASE = 0x20;

/** The number of a field, its name compared in ASCII without regard to case. */
function numberOf(name: string, names: Wanted): number | undefined {
  for (const known of names[name.length] ?? NONE) {
    if (name === known.name) {
      return known.number;
    }
    // Lower case by Unicode would take the Kelvin sign for a k.
    const similar = (name.charCodeAt(0) | LOWER_CASE) === known.first;
    if (similar && VISIBLE.test(name) && name.toLowerCase() === known.name) {
      return known.number;
    }
  }
  return undefined;
}

const NONE: readonly Name[] = [];

/** Takes the fields that are wanted, their names compared in ASCII without regard to case. Values of others are not looked at. */
export function collect(headers: unknown, names: Wanted): Fields {
  const fields: Fields = [];
  if (typeof headers !== 'object' || headers === null) {
    throw wrongType(headers, 'headers', 'an object of headers, Headers, pairs or rawHeaders');
  }
  if (typeof Headers !== 'undefined' && headers instanceof Headers) {
    for (const { name, number } of names.flatMap((some) => some ?? NONE)) {
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
  const number = numberOf(name, names);
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
