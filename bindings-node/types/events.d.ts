import type { Engine, Instance } from './engine/engine.js';
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
declare const TEXTS: {
    readonly eventSid: 'event_sid';
    readonly eventType: 'event_type';
    readonly accountSid: 'account_sid';
    readonly simSid: 'sim_sid';
    readonly simIccid: 'sim_iccid';
    readonly simUniqueName: 'sim_unique_name';
    readonly fleetSid: 'fleet_sid';
    readonly imsi: 'imsi';
    readonly imei: 'imei';
    readonly apn: 'apn';
    readonly ratType: 'rat_type';
    readonly ipAddress: 'ip_address';
    readonly dataSessionSid: 'data_session_sid';
};
declare const TIMES: {
    readonly timestamp: 'timestamp';
    readonly dataSessionStartTime: 'data_session_start_time';
    readonly dataSessionEndTime: 'data_session_end_time';
    readonly dataSessionUpdateStartTime: 'data_session_update_start_time';
    readonly dataSessionUpdateEndTime: 'data_session_update_end_time';
};
declare const COUNTS: {
    readonly dataUpload: 'data_upload';
    readonly dataDownload: 'data_download';
    readonly dataTotal: 'data_total';
    readonly dataSessionDataUpload: 'data_session_data_upload';
    readonly dataSessionDataDownload: 'data_session_data_download';
    readonly dataSessionDataTotal: 'data_session_data_total';
};
/**
 * A Super SIM connection event (`*.supersim.connection.*`), its fields from `data`. Amounts of data are in bytes: without
 * `Session` since the last event of the session, with it since the session began.
 *
 * A field that is missing, occurs twice or has another type is `null`, as is a count that a JavaScript number can't hold.
 */
export interface ConnectionEvent extends Envelope, Readonly<Record<keyof typeof TEXTS, string | null>>, Readonly<Record<keyof typeof TIMES, Date | null>>, Readonly<Record<keyof typeof COUNTS, number | null>> {
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
/** The events of a canonical body. Never throws on signed content. */
export declare function parseEvents(engine: Engine, instance: Instance, body: Uint8Array, format: number): KoreEvent[];
export {};
