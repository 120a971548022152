// What is compared: functions of a delivery that return true or throw where it is accepted, and false or throw else.

import assert from 'node:assert/strict';
import { createHash, createHmac, hash } from 'node:crypto';
import { verify as octokit } from '@octokit/webhooks-methods';
import { Webhook } from 'korewebhook';
import { Webhook as WasmWebhook } from 'korewebhook/wasm';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';

const URL = 'https://testendpoint.com/';
const PEER_SECRET = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const PEER_ID = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';

/** What KORE's documentation leads to: concatenate, hash, compare. */
const byHand = (secrets, canonical, sha256) => {
  const prefixes = secrets.map((secret) => `${secret}POST${URL}`);
  return ({ body, headers }) => {
    const text = canonical(body);
    return prefixes.some((prefix) => sha256(prefix + text) === headers['kore-signature']);
  };
};
const viaJson = (body) => JSON.stringify(JSON.parse(body.toString()));
const asIs = (body) => body.toString();
const withCreateHash = (message) => createHash('sha256').update(message).digest('hex');
const withHash = (message) => hash('sha256', message);

const ours = (webhook) => (delivery) => {
  webhook.verify(delivery.body, delivery.headers);
  return true;
};

/** As `call`, for deliveries that have to be refused. */
const refusing = (call) => (delivery) => {
  try {
    return !call(delivery);
  } catch {
    return true;
  }
};

/** The headers of the peers, signed now: they take no older ones than five minutes. */
function signedForPeers(delivery, standard) {
  const now = new Date();
  const text = delivery.body.toString();
  const seconds = String(Math.floor(now.getTime() / 1000));
  const tag = (message) => createHmac('sha256', PEER_SECRET).update(message).digest('hex');
  const headers = {
    ...delivery.headers,
    'webhook-id': PEER_ID,
    'webhook-timestamp': seconds,
    'webhook-signature': standard.sign(PEER_ID, now, text),
    'stripe-signature': `t=${seconds},v1=${tag(`${seconds}.${text}`)}`,
    'x-hub-signature-256': `sha256=${tag(text)}`,
  };
  return { ...delivery, headers };
}

/** Pairs of name and function without arguments that takes the deliveries in turn, each checked. */
export async function columns({ name, isJson, secrets, deliveries }) {
  const worst = name.startsWith('worst');
  const compared = {
    korewebhook: ours(new Webhook(secrets, URL)),
    'korewebhook, WebAssembly': ours(new WasmWebhook(secrets, URL)),
  };
  if (isJson) {
    compared['by hand: JSON + createHash'] = byHand(secrets, viaJson, withCreateHash);
    compared['by hand: JSON + crypto.hash'] = byHand(secrets, viaJson, withHash);
  } else {
    compared['by hand: createHash'] = byHand(secrets, asIs, withCreateHash);
    compared['by hand: crypto.hash'] = byHand(secrets, asIs, withHash);
  }
  if (!worst && secrets.length === 1) {
    const standard = new StandardWebhook(PEER_SECRET);
    const svix = new SvixWebhook(PEER_SECRET);
    const stripe = new Stripe('sk_test_none').webhooks;
    const longest = Buffer.alloc(Math.max(...deliveries.map(({ signedLength }) => signedLength)), 'x');
    deliveries = deliveries.map((delivery) => ({
      ...signedForPeers(delivery, standard),
      signed: longest.subarray(0, delivery.signedLength),
    }));
    compared['hash alone: crypto.hash'] = ({ signed }) => hash('sha256', signed).length === 64;
    compared.stripe = ({ body, headers }) =>
      stripe.signature.verifyHeader(body, headers['stripe-signature'], PEER_SECRET, 300);
    compared.standardwebhooks = ({ body, headers }) => standard.verify(body, headers, { jsonParse: false }) !== null;
    if (isJson) {
      // They parse what they have verified.
      compared.svix = ({ body, headers }) => svix.verify(body, headers) !== null;
    }
    compared['@octokit/webhooks-methods'] = ({ body, headers }) =>
      octokit(PEER_SECRET, body.toString(), headers['x-hub-signature-256']);
  }
  const accepted = deliveries.every((delivery) => delivery.accepted);
  const checked = [];
  for (const [column, verify] of Object.entries(compared)) {
    const call = accepted ? verify : refusing(verify);
    // What is written by hand refuses some genuine bodies: it doesn't keep escapes as they came.
    for (const delivery of worst && column.startsWith('by hand') ? [] : deliveries) {
      assert.equal(await call(delivery), true, `${name}: ${column}`);
    }
    let at = 0;
    const inTurn = () => {
      const delivery = deliveries[at];
      at = at + 1 === deliveries.length ? 0 : at + 1;
      return call(delivery);
    };
    checked.push([column, inTurn]);
  }
  return checked;
}
