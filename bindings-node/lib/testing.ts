/**
 * For your own tests, with any runner: signed requests, sample deliveries and a clock that stands still. Nothing here is
 * random or reads the time.
 *
 *     const kit = new Kit();
 *     const response = await fetch(url, kit.sign(sampleForm({ SimStatus: 'inactive' })));
 *
 * @module
 */
import { bytesOf, type Body } from './bytes.js';
import { ReplayGuard, Webhook } from './index.js';
import type { ReplayGuardOptions } from './guard.js';
import { INSPECT } from './symbols.js';
import type { DeliveryHeaders } from './webhook.js';

/** A secret for tests, long enough to give no warning. */
export const SAMPLE_SECRET = 'test-secret-for-korewebhook';
/** A callback URL for tests. Nothing is sent to it. */
export const SAMPLE_URL = 'https://hooks.example.com/kore/';
/** When the sample events happened, in milliseconds since 1970. A guard calls them `stale` by today's clock: give your adapter a `fixedClock()`. */
export const SAMPLE_TIME = Date.UTC(2024, 8, 25, 19, 9, 48, 584);

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';
const JSON_TYPE = 'application/json';

/** A body as KORE would send it, and its content type. */
export interface Sample {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** A POST as `fetch` and `new Request` take it; other clients take its parts. */
export interface SignedRequest {
  readonly method: 'POST';
  readonly headers: DeliveryHeaders & Record<string, string>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What a request is signed with, beside the body. */
export interface SignOptions {
  /** By default, a body that begins with `{` or `[` is JSON, any other a form. */
  readonly contentType?: string | undefined;
  /** By default it depends on the body, so that the same body twice is a retry. */
  readonly token?: string | undefined;
  /** By default `SAMPLE_TIME`. */
  readonly date?: string | Date | undefined;
}

/** A clock for `clock`: it stands still until `advance` is called. */
export interface FixedClock {
  (): Date;
  /** Lets seconds pass. */
  advance(seconds: number): void;
}

/** A clock that stands still, by default at `SAMPLE_TIME`. */
export function fixedClock(start: Date | number = SAMPLE_TIME): FixedClock {
  let now = Number(start);
  return Object.assign(() => new Date(now), {
    advance(seconds: number) {
      now += seconds * 1000;
    },
  });
}

/**
 * A POST as KORE would send it to `webhook`, signed with its first secret: the body as it goes over the wire, and headers in
 * lower case. Throws `VerificationError` for a body that would not verify.
 */
export function signRequest(webhook: Webhook, body: Body | Sample, options: SignOptions = {}): SignedRequest {
  const sample = isSample(body) ? body : undefined;
  const raw = new Uint8Array(bytesOf(isSample(body) ? body.body : body, 'body'));
  const contentType = options.contentType ?? sample?.contentType;
  const date = options.date ?? new Date(SAMPLE_TIME);
  const headers = { ...webhook.headers(raw, { contentType, token: options.token ?? 'RQ', date }) };
  if (options.token === undefined) {
    headers['kore-idempotency-token'] = `RQ${webhook.verify(raw, headers).key.slice(0, 32)}`;
  }
  return { method: 'POST', headers, body: raw };
}

function isSample(body: Body | Sample): body is Sample {
  return typeof body === 'object' && 'contentType' in body;
}

/** The Super SIM callback of KORE's documentation, a SIM that changed its status. Further fields are added or replace its own. */
export function sampleForm(fields: Readonly<Record<string, string>> = {}): Sample {
  const form = {
    ApiVersion: 'v1',
    SimUniqueName: 'my_super_sim',
    SimSid: 'HSab3f06be8f5d32caecb91e8a306c6c08',
    SimStatus: 'active',
    AccountSid: 'AC3ba717b1d236e6c4a835e46130267eb4',
  };
  return { body: encode(String(new URLSearchParams({ ...form, ...fields }))), contentType: FORM };
}

/**
 * An Event Streams delivery: an array of CloudEvents with these ids. `members` are added to each or replace its own.
 *
 * As KORE sends it, with white space that is not signed.
 */
export function sampleEvents(
  ids: readonly string[] = ['EZ0001', 'EZ0002'],
  members: Readonly<Record<string, unknown>> = {},
): Sample {
  const events = ids.map((id) => ({
    id,
    time: '2024-09-25T19:09:48.5842087+00:00',
    type: 'com.kore.eventstreams.test.event',
    source: 'kore-events',
    dataschema: '/schemas/test/1',
    specversion: '1.0',
    datacontenttype: 'application/json',
    data: { message: 'test' },
    ...members,
  }));
  return { body: encode(JSON.stringify(events, null, 2)), contentType: JSON_TYPE };
}

/** One Super SIM connection event, the update of a data session. `data` is added to its data or replaces it. */
export function sampleConnectionEvent(id = 'EZ0003', data: Readonly<Record<string, unknown>> = {}): Sample {
  const type = 'com.kore.supersim.connection.data-session.updated';
  const fields = {
    event_sid: id,
    event_type: type,
    account_sid: 'AC3ba717b1d236e6c4a835e46130267eb4',
    sim_sid: 'HSab3f06be8f5d32caecb91e8a306c6c08',
    sim_iccid: '89883070000000000123',
    sim_unique_name: 'my_super_sim',
    fleet_sid: 'HF00000000000000000000000000000001',
    timestamp: '2024-09-25T19:09:48Z',
    imsi: '732123000000001',
    imei: '350000000000001',
    apn: 'super',
    rat_type: '4G LTE',
    ip_address: '100.64.0.1',
    network: {
      mcc: '310',
      mnc: '410',
      sid: 'HW00000000000000000000000000000001',
      friendly_name: 'AT&T',
      iso_country: 'US',
    },
    location: { cell_id: '20485', lac: '501', lat: 51.50735, lon: -0.127758 },
    data_upload: 1024,
    data_download: 2048,
    data_total: 3072,
    data_session_sid: 'PI00000000000000000000000000000001',
    data_session_start_time: '2024-09-25T19:03:48Z',
    data_session_update_start_time: '2024-09-25T19:03:48Z',
    data_session_update_end_time: '2024-09-25T19:09:48Z',
    data_session_data_upload: 1024,
    data_session_data_download: 2048,
    data_session_data_total: 3072,
  };
  return sampleEvents([id], { type, dataschema: '/schemas/supersim/2', data: { ...fields, ...data } });
}

/** A webhook with its secret and URL, a clock that stands still, and signed requests. Make one for each test. */
export class Kit {
  readonly #secret: string;
  readonly webhook: Webhook;
  readonly clock: FixedClock = fixedClock();

  constructor(secret: string = SAMPLE_SECRET, url: string = SAMPLE_URL) {
    this.#secret = secret;
    this.webhook = new Webhook(secret, url);
  }

  /** What `Webhook.fromEnv()` reads, for `process.env`. */
  get env(): { KOREWEBHOOK_SECRET: string; KOREWEBHOOK_URL: string } {
    return { KOREWEBHOOK_SECRET: this.#secret, KOREWEBHOOK_URL: this.webhook.url };
  }

  /** A new `ReplayGuard`; let the adapter have `clock` too. */
  guard(options?: ReplayGuardOptions): ReplayGuard {
    return new ReplayGuard(options);
  }

  /** `signRequest` with this kit's webhook. */
  sign(body: Body | Sample, options?: SignOptions): SignedRequest {
    return signRequest(this.webhook, body, options);
  }

  toJSON(): { url: string } {
    return { url: this.webhook.url };
  }

  /** @internal */
  [INSPECT](): string {
    return `<korewebhook.testing.Kit ${this.webhook.url}>`;
  }
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
