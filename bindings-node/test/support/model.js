// Verification in slow and simple JavaScript, written from docs/protocol.md. It shares nothing with the code under test.

import { createHash, createHmac } from 'node:crypto';

/** Carries the name of a reason. */
export class Refused extends Error {}

const refuse = (reason) => {
  throw new Refused(reason);
};

// Bytes as letters from U+0000 to U+00FF, so that they can be matched.
const letters = (bytes) => Buffer.from(bytes).toString('latin1');

// --- parts of the grammar -------------------------------------------------------------------------------------------

const TCHAR = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]";
const QUOTED = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t \\x21-\\x7e\\x80-\\xff])*"';
const PARAMETER = `(${TCHAR}+)=(${TCHAR}+|${QUOTED})`;
const CONTENT_TYPE = new RegExp(
  `^application/(json|${TCHAR}+\\+json|x-www-form-urlencoded)((?:[\\t ]*;[\\t ]*(?:${PARAMETER})?)*)[\\t ]*$`,
  'is',
);
const SIGNATURE = /^[0-9a-f]{64}$/;

const UTF8_TAIL =
  '[\\xc2-\\xdf][\\x80-\\xbf]|\\xe0[\\xa0-\\xbf][\\x80-\\xbf]|[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}|\\xed[\\x80-\\x9f][\\x80-\\xbf]' +
  '|\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}|[\\xf1-\\xf3][\\x80-\\xbf]{3}|\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}';
const STRING = new RegExp(`"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7f]|\\\\["\\\\/bfnrt]|\\\\u[0-9A-Fa-f]{4}|${UTF8_TAIL})*"`, 'y');
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const LITERAL = /true|false|null/y;
const SPACE = /[\x20\x09\x0a\x0d]*/y;

const FIRST_KEY = /^[A-Za-z0-9\-._~*!'()+%]*$/;
const CONTROL = /[\x01-\x1f\x7f]/;

/** What a pattern matches at a place. */
function at(pattern, text, place) {
  pattern.lastIndex = place;
  return pattern.exec(text)?.[0];
}

/** The canonical form, and whether a container stands at the top. */
export function minify(bytes, maxDepth = 64) {
  const text = letters(bytes);
  const tokens = [];
  const stack = [];
  // What may come next.
  let expect = ['value'];
  const after = () => (stack.length > 0 ? [',', stack.at(-1) === '{' ? '}' : ']'] : []);
  for (let place = 0; ; ) {
    place += at(SPACE, text, place).length;
    if (place === text.length) {
      if (expect.length > 0) {
        refuse('json-malformed');
      }
      return { canonical: Buffer.from(tokens.join(''), 'latin1'), container: tokens[0] === '{' || tokens[0] === '[' };
    }
    let token = text[place];
    if (expect.includes('value') && (token === '{' || token === '[')) {
      if (stack.length === maxDepth) {
        refuse('json-too-deep');
      }
      stack.push(token);
      expect = token === '{' ? ['name', '}'] : ['value', ']'];
    } else if (expect.includes(token) && (token === '}' || token === ']')) {
      stack.pop();
      expect = after();
    } else if (expect.includes(token) && token === ',') {
      expect = stack.at(-1) === '{' ? ['name'] : ['value'];
    } else if (expect.includes(token) && token === ':') {
      expect = ['value'];
    } else if (expect.includes('name') && (token = at(STRING, text, place)) !== undefined) {
      expect = [':'];
    } else if (
      expect.includes('value') &&
      (token = at(STRING, text, place) ?? at(NUMBER, text, place) ?? at(LITERAL, text, place)) !== undefined
    ) {
      expect = after();
    } else {
      refuse('json-malformed');
    }
    tokens.push(token);
    place += token.length;
  }
}

/** Letters of ASCII in lower case; others as they are. */
const lower = (text) => text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));

/** The values of a field, as letters of their bytes in UTF-8. */
const field = (headers, name) =>
  headers.filter(([given]) => lower(letters(given)) === name).map(([, value]) => letters(value));

/** `json` or `form`. */
function contentType(value) {
  const match = value.length <= 8192 ? CONTENT_TYPE.exec(value) : null;
  if (match === null) {
    refuse('content-type');
  }
  const charsets = [...match[2].matchAll(new RegExp(PARAMETER, 'gs'))].filter(([, name]) => lower(name) === 'charset');
  if (charsets.length > 1 || charsets.some(([, , given]) => !['utf-8', '"utf-8"'].includes(lower(given)))) {
    refuse('charset');
  }
  return lower(match[1]) === 'x-www-form-urlencoded' ? 'form' : 'json';
}

/** What the body is. */
function bodyFormat({ format }, headers) {
  const types = field(headers, 'content-type');
  if (types.length > 1 || (types.length === 0 && format === undefined)) {
    refuse('content-type');
  }
  const found = types.length === 1 ? contentType(types[0]) : format;
  const encodings = field(headers, 'content-encoding');
  if (encodings.length > 0 && encodings.map(lower).join('|') !== 'identity') {
    refuse('content-encoding');
  }
  return found;
}

/** A URL without query and fragment. */
export const signedPart = (url) => /^[^?#]*/.exec(url)[0];

/** What the sender puts into its header. */
export function sign({ url, scheme }, secret, method, canonical) {
  const message = Buffer.concat([Buffer.from(method), Buffer.from(signedPart(url)), canonical]);
  const hash = scheme === 'hmac-sha256' ? createHmac('sha256', secret) : createHash('sha256').update(secret);
  return hash.update(message).digest('hex');
}

/** Which secret signed. */
function match(settings, method, canonical, signature) {
  const index = settings.secrets.findIndex((secret) => sign(settings, secret, method, canonical) === signature);
  return index >= 0 ? index : refuse('signature-mismatch');
}

/** What a holder of the secret may have signed and is refused all the same. */
function checkForm(body) {
  if (CONTROL.test(letters(body))) {
    refuse('form-control-character');
  }
  if (!Buffer.from(body.toString('utf8')).equals(body)) {
    refuse('form-not-utf8');
  }
  if (!FIRST_KEY.test(/^[^=&]*/.exec(letters(body))[0])) {
    refuse('form-first-key');
  }
}

function judge(settings, method, headers, body) {
  if (method !== 'POST' && method !== 'GET') {
    refuse('method-unsupported');
  }
  if (method === 'GET' && !settings.allowGet) {
    refuse('get-disabled');
  }
  if (body.length > settings.maxBody) {
    refuse('body-too-large');
  }
  const signatures = field(headers, 'kore-signature');
  if (signatures.length !== 1) {
    refuse(signatures.length === 0 ? 'signature-missing' : 'signature-duplicate');
  }
  const [signature] = signatures;
  if (!SIGNATURE.test(signature) || signature.length !== 64) {
    refuse(signature === '' ? 'signature-empty' : 'signature-format');
  }
  if (method === 'GET') {
    if (body.length > 0) {
      refuse('body-on-get');
    }
    return { secretIndex: match(settings, method, body, signature) };
  }
  if (body.includes(0)) {
    refuse('nul-in-body');
  }
  if (body.length === 0 && !settings.allowEmptyBody) {
    refuse('empty-body');
  }
  const kind = bodyFormat(settings, headers);
  let canonical = body;
  if (kind === 'json' && body.length > 0) {
    const minified = minify(body, settings.maxDepth);
    if (!minified.container) {
      refuse('json-top-level');
    }
    canonical = minified.canonical;
  } else if (kind === 'form' && (body[0] === 0x7b || body[0] === 0x5b)) {
    refuse('content-type-confusion');
  }
  const secretIndex = match(settings, method, canonical, signature);
  if (kind === 'form') {
    checkForm(body);
  }
  return { secretIndex, body: canonical.toString('hex') };
}

/** The verdict: each check in the order of the documentation. Names and values of headers are bytes. */
export function verify(settings, method, headers, body) {
  try {
    return { reason: 'ok', ...judge(settings, method, headers, body) };
  } catch (error) {
    if (!(error instanceof Refused)) {
      throw error;
    }
    return { reason: error.message };
  }
}

/** The key under which a delivery is remembered. */
export function deliveryKey(url, canonical) {
  const hash = createHash('sha256').update('korewebhook/replay/1');
  for (const part of ['POST', signedPart(url)]) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(Buffer.byteLength(part)));
    hash.update(length).update(part);
  }
  return hash.update(canonical).digest('hex');
}
