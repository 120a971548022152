// A user's program, for the compiler only.

import {
  engine,
  isClaimed,
  LeaseError,
  minifyJson,
  parseDate,
  ReplayGuard,
  signedUrl,
  StandardWebhook,
  verifyBearer,
  VerificationError,
  version,
  Webhook,
  type Delivery,
  type EndpointOnly,
  type Guard,
  type KoreEvent,
  type Outcome,
  type ReasonCode,
  type ReplayKey,
  type Time,
} from 'korewebhook';
import type { IncomingMessage } from 'node:http';
import { Webhook as WasmWebhook, engine as forced } from 'korewebhook/wasm';

const webhook = new Webhook(['old', Buffer.from('new')], 'https://h.example/kore/', { maxBody: 1024, scheme: 'hmac-sha256' });
const loaded: 'native' | 'wasm' = engine;
const always: 'wasm' = forced;

// @ts-expect-error a secret is no number
new Webhook(5, 'https://h.example/kore/');
// @ts-expect-error there is no such option
new Webhook('secret', 'https://h.example/kore/', { maxbody: 5 });
// @ts-expect-error there is no such scheme
new Webhook('secret', 'https://h.example/kore/', { scheme: 'md5' });

export function receive(request: IncomingMessage, body: Buffer, shared: Uint8Array, buffer: ArrayBuffer): Delivery {
  webhook.verify('text', new Headers());
  webhook.verify(shared, request.headers);
  webhook.verify(buffer, request.headersDistinct);
  webhook.verify(body, new Map([['kore-signature', '…']]));
  webhook.verify(body, [['kore-signature', '…']]);
  const any: Delivery | EndpointOnly = webhook.verify(body, request.rawHeaders, { method: request.method });
  // @ts-expect-error with a method, it may be a GET
  any.body;
  // @ts-expect-error a body is no object
  webhook.verify({ parsed: true }, request.headers);
  return webhook.verify(body, request.rawHeaders, { method: 'POST' });
}

export function handle(delivery: Delivery): string {
  const bytes: Uint8Array = delivery.body;
  const parsed: unknown = delivery.json();
  const date: Date | null = delivery.date;
  const status: string | null = delivery.form().simStatus;
  for (const event of delivery.events()) {
    switch (event.kind) {
      case 'connection': {
        const sim: string | null = event.simSid;
        const total: number | null = event.dataTotal;
        const country: string | null | undefined = event.network?.isoCountry;
        console.log(sim, total, country, event.id);
        break;
      }
      case 'event':
        // @ts-expect-error not every event has one
        event.simSid;
        console.log(event.type, event.time?.getTime(), event.extensions['traceparent']);
        break;
      case 'bad':
        console.log(event.reason, event.raw.length);
        break;
      default: {
        const none: never = event;
        return none;
      }
    }
  }
  // @ts-expect-error a delivery is read only
  delivery.body = bytes;
  return `${delivery.key} ${String(parsed)} ${date} ${status}`;
}

export function refused(error: unknown): ReasonCode | null {
  if (error instanceof VerificationError || VerificationError.isVerificationError(error)) {
    const detail: string | null = error.detail;
    const offset: number | null = error.offset;
    // @ts-expect-error there is no such reason
    if (error.code === 'no-such-reason') return null;
    console.log(error.number, error.hint, detail, offset);
    return error.code;
  }
  return null;
}

/** A store of one's own. */
class Store implements Guard {
  async claim(keys: readonly ReplayKey[], token: string | null, owner: Uint8Array, now: Time): Promise<Outcome[]> {
    return keys.map((key) => (key.hasId && token !== null && owner.length === 16 && now !== 0 ? 'new' : 'duplicate'));
  }
  async commit(): Promise<void> {}
  async release(): Promise<void> {}
  async renew(): Promise<void> {}
}

export async function guarded(delivery: Delivery, guard: Guard = new ReplayGuard({ capacity: 10, maxAge: null })): Promise<boolean> {
  const owner = crypto.getRandomValues(new Uint8Array(16));
  const outcomes = await guard.claim(delivery.replayKeys(), delivery.idempotencyToken, owner, new Date());
  await guard.commit(delivery.replayKeys(), owner, Date.now() / 1000).catch((error: unknown) => {
    if (!LeaseError.isLeaseError(error)) throw error;
  });
  return outcomes.every(isClaimed);
}

export const events: (delivery: Delivery) => KoreEvent[] = (delivery) => delivery.events();
export const store: Guard = new Store();
export const texts: string[] = [version, loaded, always, signedUrl('https://h.example'), webhook.sign('a=b')];
export const bytes: Uint8Array = minifyJson('[ 1 ]');
export const time: Date = parseDate('2024-07-03T14:40:58Z');
export const index: number = verifyBearer({ authorization: 'Bearer x' }, new Set(['x']));
export const wasm: Webhook = WasmWebhook.fromEnv();
export const standard = new StandardWebhook('whsec_…').verify('', {}, { now: new Date(), tolerance: 60 }).timestamp.toFixed();
