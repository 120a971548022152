import { bytesOf, isBytes } from './bytes.js';
import { put, putByte, putCount } from './engine/call.js';
import { wrongType } from './errors.js';
import { MAX_SECRETS } from './tables.js';

/** A secret, or several of them around a rotation. */
export type Secrets = string | Uint8Array | Iterable<string | Uint8Array>;

/** The secrets, one by one, read before anything is put together. Of endless ones, one more than is allowed. */
export function readSecrets(value: unknown, what: string): (string | Uint8Array)[] {
  if (typeof value === 'string') {
    return [value];
  }
  if (isBytes(value)) {
    return [bytesOf(value, what)];
  }
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) {
    throw wrongType(value, what, 'a string, a Uint8Array or several of them');
  }
  const secrets: (string | Uint8Array)[] = [];
  for (const secret of value as Iterable<unknown>) {
    if (typeof secret !== 'string' && !isBytes(secret)) {
      throw wrongType(secret, what, 'a string or a Uint8Array');
    }
    secrets.push(typeof secret === 'string' ? secret : bytesOf(secret, what));
    if (secrets.length > MAX_SECRETS) {
      break;
    }
  }
  return secrets;
}

export function putSecrets(secrets: readonly (string | Uint8Array)[]): void {
  putCount(secrets.length);
  for (const secret of secrets) {
    if (typeof secret === 'string' && !secret.isWellFormed()) {
      putByte(0);
    } else {
      putByte(1);
      put(secret);
    }
  }
}
