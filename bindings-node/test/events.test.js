// CloudEvents and forms: typed where known, kept where not, one bad item hiding no other.

import assert from 'node:assert/strict';
import test from 'node:test';
import { onBoth } from './support/engines.js';
import { FORM, headersOf, SECRET, URL_ } from './support/signing.js';
import { load, tohex, unhex } from './support/vectors.js';

const MINIMAL = { id: '1', source: 's', type: 't' };
const CONNECTION = 'com.kore.supersim.connection.data-session.updated';

function deliver({ Webhook }, body, options) {
  const bytes = Buffer.from(body);
  return new Webhook(SECRET, URL_).verify(bytes, headersOf(bytes, options));
}

/** The event of one object, given as minified JSON or as a value. */
function one(kore, value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const [event, ...others] = deliver(kore, text).events();
  assert.equal(others.length, 0);
  assert.equal(Buffer.from(event.raw).toString(), text);
  assert.equal(event.index, 0);
  return event;
}

function good(kore, value) {
  const event = one(kore, value);
  assert.notEqual(event.kind, 'bad');
  return event;
}

/** A minimal event with more members, written out. */
const withText = (members, base = MINIMAL) => `${JSON.stringify(base).slice(0, -1)},${members}}`;

const connection = (kore, data, type = CONNECTION) => good(kore, { ...MINIMAL, type, data });

onBoth(test, "the event of KORE's documentation", (kore) => {
  const event = good(kore, {
    id: 'EZ1',
    time: '2024-09-25T19:09:48.5842087+00:00',
    type: 'com.kore.eventstreams.test.event',
    source: 'kore-events',
    dataschema: '/schemas/test/1',
    specversion: '1.0',
    datacontenttype: 'application/json',
    data: { a: [1, 2.5, null] },
  });
  const { key, ...rest } = event;
  assert.match(key, /^[0-9a-f]{64}$/);
  assert.deepEqual(rest, {
    kind: 'event',
    index: 0,
    id: 'EZ1',
    source: 'kore-events',
    type: 'com.kore.eventstreams.test.event',
    time: new Date(Date.UTC(2024, 8, 25, 19, 9, 48, 584)),
    dataschema: '/schemas/test/1',
    specversion: '1.0',
    datacontenttype: 'application/json',
    subject: null,
    data: { a: [1, 2.5, null] },
    extensions: {},
  });
});

onBoth(test, 'unknown types and members are kept', (kore) => {
  const event = good(kore, { ...MINIMAL, type: 'com.kore.new.thing', traceparent: '00-1', n: { x: [true] }, data: { new: 1 } });
  assert.deepEqual([event.kind, event.extensions, event.data], ['event', { traceparent: '00-1', n: { x: [true] } }, { new: 1 }]);
});

onBoth(test, 'data is any value', (kore) => {
  for (const data of ['text', 7, 1.5, true, null, [1, { a: 2 }], {}]) {
    assert.deepEqual(good(kore, { ...MINIMAL, data }).data, data);
    assert.equal(connection(kore, data).simSid, null);
  }
});

onBoth(test, 'without id, source or type it is no event', (kore) => {
  for (const name of ['id', 'source', 'type']) {
    const { [name]: _, ...others } = MINIMAL;
    for (const value of ['""', '7', 'null', 'true', '[]', '{}', `"a","${name}":"a"`, `"a","${name}":7`]) {
      const event = one(kore, withText(`"${name}":${value}`, others));
      assert.deepEqual([event.kind, event.reason], ['bad', `${name}-missing`]);
    }
    assert.equal(one(kore, others).reason, `${name}-missing`);
  }
});

onBoth(test, 'a name is compared after unescaping', (kore) => {
  assert.equal(good(kore, '{"\\u0069d":"1","sou\\u0072ce":"s","type":"t"}').id, '1');
  assert.equal(one(kore, '{"\\u0069d":"1","id":"1","source":"s","type":"t"}').kind, 'bad');
});

onBoth(test, 'an ambiguous member is null', (kore) => {
  for (const name of ['time', 'dataschema', 'specversion', 'datacontenttype', 'subject']) {
    for (const value of ['7', 'null', '[]', `"2024-09-25T19:09:48Z","${name}":"2024-09-25T19:09:48Z"`]) {
      const event = good(kore, withText(`"${name}":${value}`));
      assert.deepEqual([event[name], event.extensions], [null, {}]);
    }
  }
});

onBoth(test, 'repeated data and extensions are not used', (kore) => {
  const event = good(kore, withText('"data":{},"data":{},"x":1,"x":2,"y":3'));
  assert.deepEqual([event.data, event.extensions], [null, { y: 3 }]);
});

onBoth(test, 'members of data do not count for the envelope', (kore) => {
  const { id, source, type } = good(kore, { ...MINIMAL, data: { id: '2', source: 7, type: null } });
  assert.deepEqual({ id, source, type }, MINIMAL);
});

onBoth(test, 'names that JavaScript gives a meaning have none', (kore) => {
  const event = good(kore, withText('"__proto__":{"polluted":1},"constructor":2,"toString":3,"data":{"__proto__":{"sim_sid":"HS1"}}'));
  assert.equal({}.polluted, undefined);
  assert.deepEqual(Object.keys(event.extensions).sort(), ['__proto__', 'constructor', 'toString']);
  assert.equal(Object.getPrototypeOf(event.extensions), Object.prototype);
  assert.equal(event.polluted, undefined);
  assert.equal(connection(kore, JSON.parse('{"__proto__":{"sim_sid":"HS1"}}')).simSid, null);
});

onBoth(test, 'one bad item hides no other', (kore) => {
  const body = '[{"id":"1","source":"s","type":"t"},7,null,"x",[{}],{},{"id":"2","source":"s","type":"t"}]';
  const events = deliver(kore, body).events();
  assert.deepEqual(events.map(({ kind }) => kind), ['event', ...Array(5).fill('bad'), 'event']);
  assert.deepEqual(events.map(({ index }) => index), [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(events.slice(1, 4).map(({ raw }) => Buffer.from(raw).toString()), ['7', 'null', '"x"']);
  assert.deepEqual(events.slice(1, 6).map(({ reason }) => reason), [...Array(4).fill('not-an-object'), 'id-missing']);
});

onBoth(test, 'keys come from the core', (kore) => {
  let compared = 0;
  for (const given of load('keys').filter(({ format }) => format === 'json')) {
    // These bodies have no white space in a string but in the name `a b`.
    const canonical = given.body.replace('a b', 'a\u0001b').replace(/[ \t\r\n]/g, '').replace('\u0001', ' ');
    const delivery = new kore.Webhook(SECRET, URL_).verify(given.body, headersOf(canonical));
    const keys = delivery.replayKeys().filter(({ hasId }) => hasId).map(({ key }) => key);
    assert.deepEqual(delivery.events().map(({ key }) => key).filter((key) => key !== null), keys);
    compared += keys.length;
  }
  assert.ok(compared > 2);
});

onBoth(test, 'a connection event', (kore) => {
  const event = connection(kore, {
    event_sid: 'EZ1',
    event_type: 'x',
    account_sid: 'AC1',
    sim_sid: 'HS1',
    sim_iccid: '8988307000000000123',
    sim_unique_name: 'name',
    fleet_sid: 'HF1',
    timestamp: '2022-12-14T13:40:52Z',
    imsi: '732123',
    imei: '35',
    apn: 'super',
    rat_type: '4G LTE',
    ip_address: '100.64.0.1',
    network: { mcc: '310', mnc: '012', sid: 'HW1', friendly_name: 'N', iso_country: 'US', new: 1 },
    location: { cell_id: '1', lac: '2', lat: 51.5, lon: 0 },
    data_upload: 1,
    data_download: 2,
    data_total: 3,
    data_session_sid: 'PI1',
    data_session_start_time: '2022-12-14T13:34:52+01:00',
    data_session_data_total: 9007199254740991,
    new: 'kept',
  });
  const { kind, index, key, id, source, type, time, dataschema, specversion, datacontenttype, subject, data, extensions, ...own } = event;
  assert.equal(kind, 'connection');
  assert.equal(data.new, 'kept');
  assert.deepEqual(own, {
    eventSid: 'EZ1',
    eventType: 'x',
    accountSid: 'AC1',
    simSid: 'HS1',
    simIccid: '8988307000000000123',
    simUniqueName: 'name',
    fleetSid: 'HF1',
    imsi: '732123',
    imei: '35',
    apn: 'super',
    ratType: '4G LTE',
    ipAddress: '100.64.0.1',
    dataSessionSid: 'PI1',
    timestamp: new Date('2022-12-14T13:40:52Z'),
    dataSessionStartTime: new Date('2022-12-14T12:34:52Z'),
    dataSessionEndTime: null,
    dataSessionUpdateStartTime: null,
    dataSessionUpdateEndTime: null,
    dataUpload: 1,
    dataDownload: 2,
    dataTotal: 3,
    dataSessionDataUpload: null,
    dataSessionDataDownload: null,
    dataSessionDataTotal: 9007199254740991,
    network: { mcc: '310', mnc: '012', sid: 'HW1', friendlyName: 'N', isoCountry: 'US' },
    location: { cellId: '1', lac: '2', lat: 51.5, lon: 0 },
  });
});

onBoth(test, 'a count that no JavaScript number holds is null, not rounded', (kore) => {
  for (const [text, count] of [
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', null],
    ['9'.repeat(5000), null],
    ['1.5', null],
    ['1.0', null],
    ['1e3', null],
    ['-1', -1],
    ['"1"', null],
    ['true', null],
  ]) {
    const event = good(kore, `{"id":"1","source":"s","type":"${CONNECTION}","data":{"data_total":${text}}}`);
    assert.equal(event.dataTotal, count, text);
  }
});

onBoth(test, 'wrong types inside of network and location', (kore) => {
  const event = connection(kore, { network: { mcc: 310 }, location: { lat: '51.5', lon: true, cell_id: 1 } });
  assert.deepEqual(event.network, { mcc: null, mnc: null, sid: null, friendlyName: null, isoCountry: null });
  assert.deepEqual(event.location, { cellId: null, lac: null, lat: null, lon: null });
  const big = good(kore, `{"id":"1","source":"s","type":"${CONNECTION}","data":{"location":{"lat":1e400,"lon":1${'0'.repeat(400)}}}}`);
  assert.deepEqual([big.location.lat, big.location.lon], [null, null]);
});

onBoth(test, 'a repeated field is null at its own level only', (kore) => {
  const data = '{"apn":"a","apn":"a","imei":"1","network":{"mcc":"1","mcc":"2","mnc":"3"}}';
  const event = good(kore, `{"id":"1","source":"s","type":"${CONNECTION}","data":${data}}`);
  assert.deepEqual([event.apn, event.imei, event.network.mcc, event.network.mnc], [null, '1', null, '3']);
  assert.equal(event.data.apn, 'a');
});

onBoth(test, 'connection events by type', (kore) => {
  for (const type of ['com.kore.iot.supersim.connection.data-session.started', 'x.supersim.connection.new.kind']) {
    assert.equal(connection(kore, { sim_sid: 'HS1' }, type).simSid, 'HS1');
  }
  for (const type of ['com.kore.supersim.sms.sent', 'supersimxconnection', 'com.kore.supersim.connections']) {
    assert.equal(connection(kore, { sim_sid: 'HS1' }, type).kind, 'event');
  }
});

onBoth(test, 'events are frozen, and print without their text', async (kore) => {
  const { inspect } = await import('node:util');
  const event = good(kore, { ...MINIMAL, data: [1] });
  assert.ok(Object.isFrozen(event));
  assert.throws(() => {
    event.id = '2';
  }, TypeError);
  assert.doesNotMatch(inspect(event), /raw/);
  assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(event))).includes('raw'), false);
});

onBoth(test, 'what may be signed can be read', (kore) => {
  const value = deliver(kore, `{"n":${'9'.repeat(400)},"s":"\\ud800","e":"\\ud83d\\ude00","z":-0}`).json();
  assert.deepEqual(value, { n: Infinity, s: '\ud800', e: '😀', z: -0 });
  assert.ok(deliver(kore, '['.repeat(64) + ']'.repeat(64)).json());
  assert.equal(good(kore, withText('"subject":"\\ud800"')).subject, '\ud800');
  let read = 0;
  for (const given of load('json_canonicalization').filter(({ top_level: top }) => top === 'container')) {
    const delivery = new kore.Webhook(SECRET, URL_).verify(unhex(given.input), headersOf(unhex(given.expect)));
    const parsed = delivery.json();
    assert.equal(delivery.events().length, Array.isArray(parsed) ? parsed.length : 1, given.name);
    assert.equal(tohex(delivery.body), given.expect);
    read += 1;
  }
  assert.ok(read > 50);
});

const NO_TIMES = [
  '1969-12-31T23:59:59Z',
  '1970-01-01T00:00:00+00:01',
  '9999-12-31T23:59:59-00:01',
  '0001-01-01T00:00:00+00:01',
  '0000-01-01T00:00:00Z',
  '2023-02-29T00:00:00Z',
  '2024-09-25T24:00:00Z',
  '2024-09-25T19:09:60Z',
  '2024-09-25T19:09:48',
  '2024-09-25T19:09:48.Z',
  '2024-09-25T19:09:48+24:00',
  '2024-09-25T19:09:48+00:60',
  '2024-09-25T19:09:48+0000',
  '2024-09-25T19:09:48+00',
  '2024-09-25 19:09:48Z',
  '2024-W39-3T19:09:48Z',
  '2024-9-25T19:09:48Z',
  '20240925T190948Z',
  '٢٠٢٤-09-25T19:09:48Z',
  '2024-09-25T19:09:48Z\n',
  `2024-09-25T19:09:48.${'0'.repeat(44)}Z`,
  '',
  null,
  7,
  [],
];

const TIMES = [
  ['2024-09-25T19:09:48Z', Date.UTC(2024, 8, 25, 19, 9, 48)],
  ['2024-09-25t19:09:48z', Date.UTC(2024, 8, 25, 19, 9, 48)],
  ['2024-09-25T19:09:48.5842087+00:00', Date.UTC(2024, 8, 25, 19, 9, 48, 584)],
  ['2024-09-25T19:09:48.5-00:30', Date.UTC(2024, 8, 25, 19, 39, 48, 500)],
  ['1970-01-01T00:00:00Z', 0],
  ['9999-12-31T23:59:59.999999999Z', Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  [`2024-09-25T19:09:48.${'0'.repeat(43)}Z`, Date.UTC(2024, 8, 25, 19, 9, 48)],
  ...NO_TIMES.map((wrong) => [wrong, null]),
];

onBoth(test, 'times', (kore) => {
  for (const [text, millis] of TIMES) {
    const delivery = deliver(kore, JSON.stringify({ ...MINIMAL, time: text }));
    const [event] = delivery.events();
    assert.equal(event.time?.getTime() ?? null, millis, String(text));
    assert.equal(delivery.replayKeys()[0].time?.getTime() ?? null, millis, String(text));
  }
});

onBoth(test, 'a form', (kore) => {
  const body = 'ApiVersion=v1&SimUniqueName=my+super%20sim&SimSid=HS1&SimStatus=active&AccountSid=AC1&x=1&x=2&y&%ff=%ef%bb%bf&=e&&';
  const delivery = deliver(kore, body, { contentType: FORM });
  const form = delivery.form();
  assert.deepEqual(
    [form.apiVersion, form.simUniqueName, form.simSid, form.simStatus, form.accountSid],
    ['v1', 'my super sim', 'HS1', 'active', 'AC1'],
  );
  assert.deepEqual(form.pairs.slice(5), [
    ['x', '1'],
    ['x', '2'],
    ['y', ''],
    ['\ufffd', '\ufeff'],
    ['', 'e'],
  ]);
  assert.deepEqual([form.get('x'), form.has('x'), form.all('x'), form.get('none')], [null, false, ['1', '2'], null]);
  assert.deepEqual([form.size, [...form].length, form.has('y')], [8, 8, true]);
  assert.deepEqual(delivery.events(), []);
  assert.throws(() => delivery.json(), SyntaxError);
  // The standard's own parser as a witness.
  assert.deepEqual(form.pairs, [...new URLSearchParams(body)]);
});

onBoth(test, 'a form of which nothing is left, and JSON that is none', (kore) => {
  const three = deliver(kore, 'a=1&a=2&a=3', { contentType: FORM }).form();
  assert.deepEqual([three.size, three.get('a')], [0, null]);
  assert.deepEqual(deliver(kore, '{"a":"b=c"}').form().pairs, []);
  const proto = deliver(kore, '__proto__=1&constructor=2', { contentType: FORM }).form();
  assert.deepEqual([proto.get('__proto__'), proto.get('constructor'), proto.get('toString')], ['1', '2', null]);
});

onBoth(test, 'a large form', (kore) => {
  const body = Array.from({ length: 20_000 }, (_, at) => `n${at}=v%20${at}`).join('&');
  const form = deliver(kore, body, { contentType: FORM }).form();
  assert.deepEqual([form.size, form.get('n19999')], [20_000, 'v 19999']);
});
