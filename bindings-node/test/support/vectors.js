// The lists under `tests/vectors/`, read unmodified, and what the tests do with them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { VerificationError } from 'korewebhook';

export const ROOT = new URL('../../../', import.meta.url);

export const read = (path) => readFileSync(new URL(path, ROOT), 'utf8');

/** A whole file. */
export const parse = (name) => JSON.parse(read(`tests/vectors/${name}.json`));

/** The cases of a list. */
export function load(name) {
  const { cases } = parse(name);
  assert.ok(Array.isArray(cases) && cases.length > 0, name);
  return cases;
}

export const unhex = (text) => Uint8Array.from(Buffer.from(text, 'hex'));
export const tohex = (bytes) => Buffer.from(bytes).toString('hex');

/** The secrets of a case, one or several. */
export const secrets = (test) => (test.secrets ?? [test.secret]).map(unhex);

const camelCase = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/** The options of a case by their names here. */
export const options = (test) => Object.fromEntries(Object.entries(test.options ?? {}).map(([name, value]) => [camelCase(name), value]));

export const NUMBERS = parse('reasons');

/** Name and sentence of every reason, as the documentation has them. */
export const HINTS = Object.fromEntries(
  [
    ...read('docs/protocol.md')
      .split('<!-- reasons:begin -->')[1]
      .split('<!-- reasons:end -->')[0]
      .matchAll(/^\| \d+ \| `([a-z0-9-]+)` \| (.*) \|$/gm),
  ].map(([, name, hint]) => [name, hint]),
);

/** What a call refuses with, or null. Number and sentence are checked on the way; anything else that is thrown goes on. */
export function refusal(call) {
  try {
    call();
  } catch (error) {
    if (!(error instanceof VerificationError)) {
      throw error;
    }
    assert.equal(error.number, NUMBERS[error.code], error.code);
    assert.equal(error.hint, HINTS[error.code], error.code);
    assert.ok(error.message.startsWith(`${error.code}: ${error.hint}`), error.message);
    assert.ok(error.offset === null || error.offset >= 0);
    return error;
  }
  return null;
}

/** `ok`, or the name of the reason. */
export const reason = (call) => refusal(call)?.code ?? 'ok';

/** Counts how often something was said. */
export class Counter {
  #counts = new Map();

  add(name) {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  get all() {
    return Object.fromEntries(this.#counts);
  }
}
