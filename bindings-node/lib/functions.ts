import { bytesOf, copyOf, type Body } from './bytes.js';
import { begin, CALL, invoke, outBytes, putText, readNumber, reserveOut, settle, stateless, takeOut, invokeSecretly } from './engine/call.js';
import type { Engine } from './engine/engine.js';
import { wrongType } from './errors.js';
import { collect, putFields, wanted, type HeadersInput } from './headers.js';
import { putSecrets, readSecrets, type Secrets } from './secrets.js';

const AUTHORIZATION = wanted('authorization');
const decoder = new TextDecoder();

/** The canonical JSON of bytes, in memory of its own. */
export function minifyWith(engine: Engine, bytes: Uint8Array): Uint8Array {
  begin(CALL.Minify);
  reserveOut(bytes.length);
  const length = invoke(stateless(engine), bytes);
  const canonical = length === bytes.length ? copyOf(bytes, length) : takeOut();
  settle();
  return canonical;
}

/** The milliseconds since 1970 of an RFC 3339 time as it may stand in an event; `null` for what is none. */
export function parseTimeWith(engine: Engine, text: unknown): number | null {
  if (typeof text !== 'string' || text.length > LONGEST_TIME) {
    return null;
  }
  begin(CALL.ParseTime);
  putText(text);
  try {
    invoke(stateless(engine));
  } catch {
    return null;
  }
  return readNumber();
}

/** The characters that the core looks at. */
const LONGEST_TIME = 64;

/** The functions of the package on an engine. */
export interface Functions {
  /**
   * JSON without the white space between its tokens; every byte of a token is kept. A scalar is allowed.
   *
   * Throws `VerificationError`: `json-malformed`, `json-too-deep`.
   */
  minifyJson(body: Body): Uint8Array;

  /** The part of a callback URL that is signed. Throws `VerificationError`: `url-invalid`. */
  signedUrl(url: string): string;

  /** Reads KORE's date header, such as `2024-07-03T14:40:58Z`. Throws `VerificationError`: `date-format`, `date-range`. */
  parseDate(value: string): Date;

  /**
   * Checks an `Authorization: Bearer` header in constant time; returns which token it was, from 0.
   *
   * Throws `VerificationError`: `bearer-missing`, `bearer-duplicate`, `bearer-format`, `bearer-mismatch`, `secret-empty`,
   * `secret-format`.
   */
  verifyBearer(headers: HeadersInput, token: Secrets): number;
}

export function functionsOf(engine: Engine): Functions {
  return {
    minifyJson: (body) => minifyWith(engine, bytesOf(body, 'body')),

    signedUrl(url) {
      if (typeof url !== 'string') {
        throw wrongType(url, 'url', 'a string');
      }
      begin(CALL.SignedUrl);
      putText(url);
      invoke(stateless(engine));
      const signed = decoder.decode(outBytes());
      settle();
      return signed;
    },

    parseDate(value) {
      if (typeof value !== 'string') {
        throw wrongType(value, 'a date', 'a string');
      }
      begin(CALL.ParseDate);
      putText(value);
      invoke(stateless(engine));
      return new Date(readNumber());
    },

    verifyBearer(headers, token) {
      const tokens = readSecrets(token, 'token');
      const fields = collect(headers, AUTHORIZATION);
      begin(CALL.VerifyBearer);
      putSecrets(tokens);
      putFields(fields);
      return invokeSecretly(stateless(engine));
    },
  };
}
