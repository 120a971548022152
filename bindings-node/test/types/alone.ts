// How the adapters look to TypeScript where there are no types but its own. Compiled by adapter-types.test.js, never run.

import { ReplayGuard, Webhook } from 'korewebhook';
import { koreWebhook as aws } from 'korewebhook/aws';
import { koreWebhook as express } from 'korewebhook/express';
import { koreWebhook as fastify } from 'korewebhook/fastify';
import { koreWebhook as fetcher } from 'korewebhook/fetch';
import { koreWebhook as node } from 'korewebhook/node';
import { Kit, sampleEvents } from 'korewebhook/testing';

const webhook = new Webhook('a35974bdf1c769b8bb', 'https://h.example/kore/');
const options = { guard: new ReplayGuard() };
export const made = [
  express(webhook, ({ events }) => events.forEach(({ id }) => id), options),
  fastify(webhook, async () => {}, { url: '/kore/', ...options }),
  node(webhook, () => {}, options),
  aws(webhook, () => {}, options),
  fetcher(webhook, async (received, request) => new Response(request.url, { status: received.repeat ? 200 : 204 })),
];
export const signed = new Kit().sign(sampleEvents()).headers['kore-signature'];
