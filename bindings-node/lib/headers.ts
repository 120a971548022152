import { wrongType } from './errors.js';
import { putByte, putField } from './engine/call.js';
import { FIELDS } from './tables.js';

/**
 * Headers from whatever a framework has: Node's `IncomingHttpHeaders`, `Headers`, pairs, or `rawHeaders` (name, value,
 * name, value …), which alone still has a field twice where a sender wrote it twice.
 */
export type HeadersInput =
  | Iterable<readonly [name: string, value: string]>
  | readonly string[]
  | Readonly<Record<string, string | readonly string[] | undefined>>;

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

export function wanted(...names: (typeof FIELDS)[number][]): Wanted {
  const byLength = new Array<Name | undefined>(LONGEST + 1).fill(undefined);
  for (const name of names) {
    const next = byLength[name.length];
    byLength[name.length] = { name, first: name.charCodeAt(0), number: FIELDS.indexOf(name), next };
  }
  return byLength;
}

const NONE: Fields = FIELDS.map(() => undefined);
const LONGEST = Math.max(...FIELDS.map((name) => name.length));
const NO_FIELD = -1;
const { hasOwnProperty } = Object.prototype;
const VISIBLE = /^[!-~]*$/;
const LOWER_CASE = 0x20;

/** The number of a field, its name compared in ASCII without regard to case. */
function numberOf(name: string, names: Wanted): number {
  for (let known = name.length <= LONGEST ? names[name.length] : undefined; known !== undefined; known = known.next) {
    if (name === known.name || isSpelling(name, known)) {
      return known.number;
    }
  }
  return NO_FIELD;
}

function isSpelling(name: string, known: Name): boolean {
  // Lower case by Unicode would take the Kelvin sign for a k.
  const similar = (name.charCodeAt(0) | LOWER_CASE) === known.first;
  return similar && VISIBLE.test(name) && name.toLowerCase() === known.name;
}

/** Takes the fields that are wanted, their names compared in ASCII without regard to case. Values of others are not looked at. */
export function collect(headers: unknown, names: Wanted): Fields {
  if (typeof headers !== 'object' || headers === null) {
    throw wrongType(headers, 'headers', 'an object of headers, Headers, pairs or rawHeaders');
  }
  const fields = NONE.slice();
  if (!(Symbol.iterator in headers)) {
    fromObject(fields, headers as Record<string, unknown>, names);
  } else if (Array.isArray(headers) && typeof headers[0] === 'string') {
    fromRaw(fields, headers, names);
  } else if (typeof Headers !== 'undefined' && headers instanceof Headers) {
    for (const first of names) {
      for (let known = first; known !== undefined; known = known.next) {
        fields[known.number] = headers.get(known.name) ?? undefined;
      }
    }
  } else {
    for (const pair of headers as Iterable<unknown>) {
      if (!Array.isArray(pair) || pair.length !== 2) {
        throw wrongType(pair, 'a header', 'a pair of name and value');
      }
      take(fields, pair[0], pair[1], names);
    }
  }
  return fields;
}

function fromObject(fields: Fields, headers: Record<string, unknown>, names: Wanted): void {
  // Without the list that `Object.keys` makes. What is inherited is none of its fields.
  for (const name in headers) {
    const number = numberOf(name, names);
    if (number !== NO_FIELD && hasOwnProperty.call(headers, name)) {
      const value = headers[name];
      if (typeof value === 'string' && fields[number] === undefined) {
        fields[number] = value;
      } else if (value !== undefined) {
        addAll(fields, number, value);
      }
    }
  }
}

function fromRaw(fields: Fields, headers: readonly unknown[], names: Wanted): void {
  if (headers.length % 2 !== 0) {
    throw new TypeError('rawHeaders must hold a value for each name');
  }
  for (let at = 0; at < headers.length; at += 2) {
    take(fields, headers[at], headers[at + 1], names);
  }
}

function take(fields: Fields, name: unknown, value: unknown, names: Wanted): void {
  if (typeof name !== 'string') {
    throw wrongType(name, 'a header name', 'a string');
  }
  const number = numberOf(name, names);
  if (number !== NO_FIELD) {
    addAll(fields, number, value);
  }
}

function addAll(fields: Fields, number: number, value: unknown): void {
  if (Array.isArray(value)) {
    for (const one of value) {
      add(fields, number, one);
    }
  } else {
    add(fields, number, value);
  }
}

function add(fields: Fields, number: number, value: unknown): void {
  if (typeof value !== 'string') {
    throw wrongType(value, 'a header value', 'a string');
  }
  const before = fields[number];
  if (before === undefined) {
    fields[number] = value;
  } else if (typeof before === 'string') {
    fields[number] = [before, value];
  } else {
    before.push(value);
  }
}

/** The fields as the engine takes them, those from `first` to `last`: the last of the arguments. */
export function putFields(fields: Fields, first = 0, last = fields.length - 1): void {
  for (let number = first; number <= last; number++) {
    const value = fields[number];
    if (typeof value === 'string') {
      putField(number, value);
    } else if (value !== undefined) {
      for (const one of value) {
        putField(number, one);
      }
    }
  }
  putByte(FIELDS.length);
}
