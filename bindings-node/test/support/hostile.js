// What tests with hostile values share.

import { refusal } from './vectors.js';

export const URL_ = 'https://h.example/kore/';
export const BODY = '{"a": [1, "é"]}';
export const MINIFIED = '{"a":[1,"é"]}';
export const MINIFIED_LENGTH = 14;
export const NOW = 1614265330;
export const utf8 = new TextEncoder();

/** What an object of the caller's throws; it may come through. */
export class Broken extends Error {}

export function fixtures(kore) {
  const webhook = new kore.Webhook('a35974bdf1c769b8bb', URL_);
  const headers = webhook.headers(BODY, { contentType: 'application/json', token: 'RQ1', date: '2024-07-03T14:40:58Z' });
  const standard = new kore.StandardWebhook(`whsec_${'QUJD'.repeat(8)}`);
  const signed = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(NOW) };
  signed['webhook-signature'] = standard.sign('msg_1', NOW, '{}');
  return { webhook, headers, standard, signed };
}

export const throws = () => {
  throw new Broken();
};

/** Throws wherever it is touched. */
export const untouchable = () => new Proxy({}, Object.fromEntries(Reflect.ownKeys(Reflect).map((trap) => [trap, throws])));

export const WRONG = () => [
  null,
  1.5,
  5n,
  true,
  Symbol('x'),
  {},
  () => 'x',
  class {},
  /x/,
  new Date(0),
  [1],
  new Map(),
  new Int8Array(4),
  new DataView(new ArrayBuffer(4)),
  new String('boxed'),
  new Proxy({}, {}),
  new Proxy(new Uint8Array(4), {}),
  Object.create(Uint8Array.prototype),
  { toString: throws, valueOf: throws, [Symbol.toPrimitive]: throws },
  { [Symbol.iterator]: throws },
  { [Symbol.iterator]: 5 },
  { [Symbol.iterator]: () => ({ next: throws }) },
  { [Symbol.iterator]: () => ({ next: () => 5 }) },
  untouchable(),
];

/** A value of any type: accepted, refused, or a wrong type. */
export function anything(call) {
  try {
    refusal(call);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof Broken)) {
      throw error;
    }
  }
}
