// How the adapters look to TypeScript, with the types of the frameworks. Compiled by adapter-types.test.js, never run.

import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { ALBEvent, ALBHandler, APIGatewayProxyEventV2, APIGatewayProxyHandler, APIGatewayProxyHandlerV2 } from 'aws-lambda';
import express5, { type Request as Request5 } from 'express';
import express4, { type Request as Request4 } from 'express4';
import Fastify, { type FastifyRequest } from 'fastify';
import { Hono, type Context } from 'hono';
import { ReplayGuard, Webhook, type Guard } from 'korewebhook';
import * as aws from 'korewebhook/aws';
import { Counters, koreWebhook as express, type Received } from 'korewebhook/express';
import { koreWebhook as fastify } from 'korewebhook/fastify';
import { koreWebhook as fetcher } from 'korewebhook/fetch';
import { koreWebhook as node, type OnReject } from 'korewebhook/node';
import { fixedClock, Kit, sampleEvents, sampleForm, signRequest } from 'korewebhook/testing';
import { Webhook as WasmWebhook } from 'korewebhook/wasm';

const webhook = Webhook.fromEnv();
const guard: Guard = new ReplayGuard();
const onReject: OnReject = (reason, { status, error }) => console.log(reason, status, error);
const options = { guard, onReject, counters: new Counters(), clock: () => new Date() };
const nothing = async (_: Received): Promise<void> => {};

// What the handler gets is the framework's own request.
express5().post('/kore/:name', express(webhook, async (received, request: Request5) => {
  const name: string | string[] | undefined = request.params['name'];
  const id: string | undefined = received.events[0]?.id;
  console.log(name, id, request.ip);
}, options));
express4().post('/kore/', express(webhook, (_, request: Request4) => console.log(request.ip), { guard }));
express5().post('/kore/', express(webhook, nothing));
express4().all('/kore/', express(new WasmWebhook('a35974bdf1c769b8bb', 'https://h.example/kore/'), nothing));

createServer(node(webhook, nothing, options));
createSecureServer({}, node(webhook, nothing));
createServer(node(webhook, (_, request: IncomingMessage) => console.log(request.socket.remoteAddress)));

const app = Fastify();
app.register(fastify(webhook, nothing, { url: '/kore/', ...options }));
app.register(fastify(webhook, (_, request: FastifyRequest) => request.log.info('x'), { url: '/kore/' }), { prefix: '/api' });

const kore = fetcher(webhook, nothing, options);
const withContext = fetcher(webhook, (_, request, context: Context) => context.text(request.url, 202));
new Hono().post('/kore/', (c) => kore(c.req.raw)).post('/own/', (c) => withContext(c.req.raw, c));
export const POST: (request: Request) => Promise<Response> = kore;
export default { fetch: fetcher(webhook, (_, __, env: { KV: string }, ___: { waitUntil(p: Promise<unknown>): void }) => console.log(env.KV)) };

export const handler = aws.koreWebhook(webhook, async (received, event) => {
  console.log(received.delivery.json(), event.body);
});
export const version1: APIGatewayProxyHandler = aws.koreWebhook(webhook, nothing);
export const version2: APIGatewayProxyHandlerV2 = aws.koreWebhook(webhook, async (_, event: APIGatewayProxyEventV2) => console.log(event.rawPath));
export const balancer: ALBHandler = aws.koreWebhook(webhook, async (_, event: ALBEvent) => console.log(event.path), options);
export const own = aws.koreWebhook(webhook, () => ({ statusCode: 202, body: 'x' }));

const kit = new Kit();
fetch('http://127.0.0.1/', kit.sign(sampleForm({ SimStatus: 'inactive' })));
new Request('http://127.0.0.1/', signRequest(webhook, sampleEvents(['a']), { token: 'T' }));
express(kit.webhook, nothing, { guard: kit.guard({ lease: 5 }), clock: fixedClock() });

// What would be acknowledged too early, or never be noticed.
// @ts-expect-error promises that nobody waits for
express(webhook, (received) => received.events.map(async (event) => event));
// @ts-expect-error a status is not returned
node(webhook, () => 204);
// @ts-expect-error the path is needed
fastify(webhook, nothing, {});
// @ts-expect-error milliseconds are no time
fetcher(webhook, nothing, { clock: Date.now });
// @ts-expect-error no such option
aws.koreWebhook(webhook, nothing, { onreject: onReject });
