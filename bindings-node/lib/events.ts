import { hex } from './bytes.js';
import { begin, CALL, invoke, outBytes, putByte, settle } from './engine/call.js';
import type { Engine, Instance } from './engine/engine.js';
import { Members } from './members.js';

/*
 * CloudEvents of a verified body: typed where something is known, everything kept. What is signed decides, so a member that
 * occurs twice, or has another type than it should, is not used: it is `null`, as parsers differ over which of the two counts.
 */

interface Item {
  /** Its place in the body, from 0. */
  readonly index: number;
  /** The event key, in hex: equal for every delivery of this event to this URL. */
  readonly key: string | null;
  /** The JSON text as it was signed. */
  readonly raw: Uint8Array;
}

interface Envelope extends Item {
  readonly id: string;
  readonly source: string;
  /** What `data` means. Types not known yet will come. */
  readonly type: string;
  /** When it happened, signed; to the millisecond. */
  readonly time: Date | null;
  readonly dataschema: string | null;
  readonly specversion: string | null;
  readonly datacontenttype: string | null;
  readonly subject: string | null;
  /** The JSON value of `data`, whole, whether its fields are known here or not. */
  readonly data: unknown;
  /** All other members that occur once. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** A CloudEvents 1.0 envelope. `source` and `id` together name the event. */
export interface CloudEvent extends Envelope {
  readonly kind: 'event';
}

/** The cellular network of a connection event. */
export interface Network {
  readonly mcc: string | null;
  readonly mnc: string | null;
  readonly sid: string | null;
  readonly friendlyName: string | null;
  readonly isoCountry: string | null;
}

/** The cell of a connection event, and its position in degrees. */
export interface Location {
  readonly cellId: string | null;
  readonly lac: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
}

const TEXTS = {
  eventSid: 'event_sid',
  eventType: 'event_type',
  accountSid: 'account_sid',
  simSid: 'sim_sid',
  simIccid: 'sim_iccid',
  simUniqueName: 'sim_unique_name',
  fleetSid: 'fleet_sid',
  imsi: 'imsi',
  imei: 'imei',
  apn: 'apn',
  ratType: 'rat_type',
  ipAddress: 'ip_address',
  dataSessionSid: 'data_session_sid',
} as const;

const TIMES = {
  timestamp: 'timestamp',
  dataSessionStartTime: 'data_session_start_time',
  dataSessionEndTime: 'data_session_end_time',
  dataSessionUpdateStartTime: 'data_session_update_start_time',
  dataSessionUpdateEndTime: 'data_session_update_end_time',
} as const;

const COUNTS = {
  dataUpload: 'data_upload',
  dataDownload: 'data_download',
  dataTotal: 'data_total',
  dataSessionDataUpload: 'data_session_data_upload',
  dataSessionDataDownload: 'data_session_data_download',
  dataSessionDataTotal: 'data_session_data_total',
} as const;

/**
 * A Super SIM connection event (`*.supersim.connection.*`), its fields from `data`. Amounts of data are in bytes: without
 * `Session` since the last event of the session, with it since the session began.
 *
 * A field that is missing, occurs twice or has another type is `null`, as is a count that a JavaScript number can't hold.
 */
export interface ConnectionEvent
  extends
    Envelope,
    Readonly<Record<keyof typeof TEXTS, string | null>>,
    Readonly<Record<keyof typeof TIMES, Date | null>>,
    Readonly<Record<keyof typeof COUNTS, number | null>> {
  readonly kind: 'connection';
  readonly network: Network | null;
  readonly location: Location | null;
}

/** An item of a verified body that is no CloudEvent. It was signed, so something sends it: log it, and handle the others. */
export interface BadEvent extends Item {
  readonly kind: 'bad';
  /** A member that occurs twice or is no string is missing. */
  readonly reason: 'not-an-object' | 'id-missing' | 'source-missing' | 'type-missing';
}

/** What stands in a body: `kind` tells which. */
export type KoreEvent = CloudEvent | ConnectionEvent | BadEvent;

const KNOWN = new Set(['id', 'source', 'type', 'time', 'dataschema', 'specversion', 'datacontenttype', 'subject', 'data']);

/** Place and length, whether it is an object, whether it has a key, the key: as the engine writes it. */
const RECORD = 4 + 4 + 1 + 1 + 32;

/** The events of a canonical body. Never throws on signed content. */
export function parseEvents(engine: Engine, instance: Instance, body: Uint8Array, format: number): KoreEvent[] {
  begin(CALL.Events);
  putByte(format);
  const count = invoke(instance, body);
  const records = outBytes().slice();
  settle();
  const view = new DataView(records.buffer);
  return Array.from({ length: count }, (_, index) => {
    const at = index * RECORD;
    const start = view.getUint32(at, true);
    const raw = body.subarray(start, start + view.getUint32(at + 4, true));
    const key = records[at + 9] ? hex(records.subarray(at + 10, at + RECORD)) : null;
    return event(engine, { index, key, raw }, Boolean(records[at + 8]));
  });
}

function event(engine: Engine, item: Item, isAnObject: boolean): KoreEvent {
  if (!isAnObject) {
    return bad(item, 'not-an-object');
  }
  const members = new Members(engine, item.raw);
  const [id, source, type] = [members.text('id'), members.text('source'), members.text('type')];
  // CloudEvents 1.0: not empty.
  if (!id || !source || !type) {
    return bad(item, !id ? 'id-missing' : !source ? 'source-missing' : 'type-missing');
  }
  const envelope: Omit<Envelope, keyof Item> = {
    id,
    source,
    type,
    time: members.time('time'),
    dataschema: members.text('dataschema'),
    specversion: members.text('specversion'),
    datacontenttype: members.text('datacontenttype'),
    subject: members.text('subject'),
    data: members.value('data'),
    extensions: Object.freeze(Object.fromEntries(members.entries().filter(([name]) => !KNOWN.has(name)))),
  };
  if (!type.includes('.supersim.connection.')) {
    return hide({ kind: 'event', ...item, ...envelope });
  }
  return hide({ kind: 'connection', ...item, ...envelope, ...connection(members.object('data')) });
}

function bad(item: Item, reason: BadEvent['reason']): BadEvent {
  return hide({ kind: 'bad', ...item, reason });
}

/** Freezes an event, and keeps the text of it out of what is printed: it says everything twice. */
function hide<E extends KoreEvent>(made: E): E {
  return Object.freeze(Object.defineProperty(made, 'raw', { enumerable: false }));
}

function connection(data: Members | null): Omit<ConnectionEvent, keyof Envelope | 'kind'> {
  const [network, location] = [data?.object('network'), data?.object('location')];
  return {
    ...fields(TEXTS, (name) => data?.text(name) ?? null),
    ...fields(TIMES, (name) => data?.time(name) ?? null),
    ...fields(COUNTS, (name) => data?.count(name) ?? null),
    network: network
      ? Object.freeze({
          mcc: network.text('mcc'),
          mnc: network.text('mnc'),
          sid: network.text('sid'),
          friendlyName: network.text('friendly_name'),
          isoCountry: network.text('iso_country'),
        })
      : null,
    location: location
      ? Object.freeze({
          cellId: location.text('cell_id'),
          lac: location.text('lac'),
          lat: location.number('lat'),
          lon: location.number('lon'),
        })
      : null,
  };
}

function fields<T extends Record<string, string>, V>(names: T, read: (name: string) => V): Record<keyof T, V> {
  return Object.fromEntries(Object.entries(names).map(([name, wire]) => [name, read(wire)])) as Record<keyof T, V>;
}

