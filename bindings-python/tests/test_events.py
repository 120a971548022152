"""CloudEvents: typed where known, kept where not, one bad item hiding no other."""

from __future__ import annotations

import dataclasses
import json
import math
import pickle
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from signing import SECRET, URL, headers
from vectors import load

from korewebhook import BadEvent, CloudEvent, ConnectionEvent, Webhook
from korewebhook._events import Location, Network, loads, parse
from korewebhook._time import parse as parse_time
from korewebhook.testing import sample_connection_event

MINIMAL = {"id": "1", "source": "s", "type": "t"}


def one(text: str | bytes | dict[str, Any], key: str | None = "ab") -> CloudEvent | BadEvent:
    """The event of one object."""
    if isinstance(text, dict):
        text = json.dumps(text)
    raw = text.encode() if isinstance(text, str) else text
    (event,) = parse([(3, raw, True, key)])
    assert (event.index, event.raw, event.key) == (3, raw, key)
    return event


def good(text: str | bytes | dict[str, Any]) -> CloudEvent:
    event = one(text)
    assert isinstance(event, CloudEvent)
    return event


def connection(data: Any, type_: str = "com.kore.supersim.connection.data-session.updated") -> ConnectionEvent:
    event = one({**MINIMAL, "type": type_, "data": data})
    assert isinstance(event, ConnectionEvent)
    return event


def deliver(body: bytes) -> list[CloudEvent | BadEvent]:
    return Webhook(SECRET, URL).verify(body, headers(body)).events()


def test_the_event_of_kores_documentation() -> None:
    event = good(
        {
            "id": "EZ1",
            "time": "2024-09-25T19:09:48.5842087+00:00",
            "type": "com.kore.eventstreams.test.event",
            "source": "kore-events",
            "dataschema": "/schemas/test/1",
            "specversion": "1.0",
            "datacontenttype": "application/json",
            "data": {"a": [1, 2.5, None]},
        }
    )
    assert type(event) is CloudEvent
    assert (event.id, event.source, event.type) == ("EZ1", "kore-events", "com.kore.eventstreams.test.event")
    assert event.time == datetime(2024, 9, 25, 19, 9, 48, 584208, tzinfo=UTC)
    assert (event.dataschema, event.specversion, event.datacontenttype) == ("/schemas/test/1", "1.0", "application/json")
    assert (event.subject, event.data, event.extensions) == (None, {"a": [1, 2.5, None]}, {})


def test_unknown_types_and_members_are_kept() -> None:
    event = good({**MINIMAL, "type": "com.kore.new.thing", "traceparent": "00-1", "n": {"x": [True]}, "data": {"new": 1}})
    assert event.extensions == {"traceparent": "00-1", "n": {"x": [True]}}
    assert event.data == {"new": 1}


@pytest.mark.parametrize("data", ["text", 7, 1.5, True, None, [1, {"a": 2}], {}])
def test_data_is_any_value(data: Any) -> None:
    assert good({**MINIMAL, "data": data}).data == data
    assert connection(data).sim_sid is None


@pytest.mark.parametrize("name", ["id", "source", "type"])
@pytest.mark.parametrize("value", ['""', "7", "null", "true", "[]", "{}", '"a","NAME":"a"', '"a","NAME":7'])
def test_without_id_source_or_type_it_is_no_event(name: str, value: str) -> None:
    text = json.dumps({k: v for k, v in MINIMAL.items() if k != name})[:-1] + f', "{name}": {value.replace("NAME", name)}}}'
    event = one(text)
    assert isinstance(event, BadEvent)
    assert event.reason == f"{name}-missing"


def test_a_name_is_compared_after_unescaping() -> None:
    assert good(r'{"\u0069d":"1","sou\u0072ce":"s","type":"t"}').id == "1"
    twice = one(r'{"\u0069d":"1","id":"1","source":"s","type":"t"}')
    assert isinstance(twice, BadEvent)


@pytest.mark.parametrize("name", ["time", "dataschema", "specversion", "datacontenttype", "subject"])
@pytest.mark.parametrize("value", ["7", "null", "[]", '"2024-09-25T19:09:48Z","NAME":"2024-09-25T19:09:48Z"'])
def test_an_ambiguous_member_is_none(name: str, value: str) -> None:
    event = good(json.dumps(MINIMAL)[:-1] + f', "{name}": {value.replace("NAME", name)}}}')
    assert getattr(event, name) is None
    assert event.extensions == {}


def test_repeated_data_and_extensions_are_not_used() -> None:
    event = good(json.dumps(MINIMAL)[:-1] + ', "data": {}, "data": {}, "x": 1, "x": 2, "y": 3}')
    assert (event.data, event.extensions) == (None, {"y": 3})


def test_members_of_data_do_not_count_for_the_envelope() -> None:
    event = good({**MINIMAL, "data": {"id": "2", "source": 7, "type": None}})
    assert (event.id, event.source, event.type) == ("1", "s", "t")


def test_one_bad_item_hides_no_other() -> None:
    body = b'[{"id":"1","source":"s","type":"t"},7,null,"x",[{}],{},{"id":"2","source":"s","type":"t"}]'
    events = deliver(body)
    assert [type(event) for event in events] == [CloudEvent, *[BadEvent] * 5, CloudEvent]
    assert [event.index for event in events] == list(range(7))
    assert [event.raw for event in events[1:4]] == [b"7", b"null", b'"x"']
    reasons = [event.reason for event in events if isinstance(event, BadEvent)]
    assert reasons == [*["not-an-object"] * 4, "id-missing"]


def test_keys_come_from_the_core() -> None:
    for case in load("keys"):
        if case["format"] != "json":
            continue
        body = case["body"].encode()
        canonical = _minify(body)
        hook = Webhook(SECRET, "https://hooks.example.com/kore/")
        delivery = hook.verify(body, headers(canonical))
        keys = [key.key for key in delivery.replay_keys() if key.has_id]
        assert [event.key for event in delivery.events() if event.key is not None] == keys, case["name"]
        raws = b",".join(event.raw for event in delivery.events())
        assert canonical in (raws, b"[%s]" % raws), case["name"]


def _minify(body: bytes) -> bytes:
    """These bodies have no white space in a string but in the name `a b`."""
    return b"".join(body.replace(b"a b", b"a\1b").split()).replace(b"\1", b" ")


def test_a_connection_event() -> None:
    event = connection(
        {
            "event_sid": "EZ1",
            "event_type": "x",
            "account_sid": "AC1",
            "sim_sid": "HS1",
            "sim_iccid": "8988307000000000123",
            "sim_unique_name": "name",
            "fleet_sid": "HF1",
            "timestamp": "2022-12-14T13:40:52Z",
            "imsi": "732123",
            "imei": "35",
            "apn": "super",
            "rat_type": "4G LTE",
            "ip_address": "100.64.0.1",
            "network": {"mcc": "310", "mnc": "012", "sid": "HW1", "friendly_name": "N", "iso_country": "US", "new": 1},
            "location": {"cell_id": "1", "lac": "2", "lat": 51.5, "lon": 0},
            "data_upload": 1,
            "data_download": 2,
            "data_total": 3,
            "data_session_sid": "PI1",
            "data_session_start_time": "2022-12-14T13:34:52+01:00",
            "data_session_data_total": 9007199254740993,
            "new": "kept",
        }
    )
    assert (event.event_sid, event.account_sid, event.sim_sid, event.fleet_sid) == ("EZ1", "AC1", "HS1", "HF1")
    assert (event.sim_iccid, event.imsi, event.imei) == ("8988307000000000123", "732123", "35")
    assert (event.apn, event.rat_type, event.ip_address) == ("super", "4G LTE", "100.64.0.1")
    assert event.timestamp == datetime(2022, 12, 14, 13, 40, 52, tzinfo=UTC)
    assert event.network == Network(mcc="310", mnc="012", sid="HW1", friendly_name="N", iso_country="US")
    assert event.location == Location(cell_id="1", lac="2", lat=51.5, lon=0.0)
    assert (event.data_upload, event.data_download, event.data_total) == (1, 2, 3)
    assert event.data_session_start_time == datetime(2022, 12, 14, 12, 34, 52, tzinfo=UTC)
    assert (event.data_session_data_total, event.data_session_data_upload) == (9007199254740993, None)
    assert event.data["new"] == "kept"


OWN = [f.name for f in dataclasses.fields(ConnectionEvent) if f.name not in {f.name for f in dataclasses.fields(CloudEvent)}]


def test_a_missing_or_wrongly_typed_field_is_none() -> None:
    assert len(OWN) == 26
    wrongs: list[Any] = [True, [], {"a": []}, None, [[]]]
    for wrong in wrongs:
        event = connection(dict.fromkeys(OWN, wrong))
        values = {name: getattr(event, name) for name in OWN if name not in ("network", "location")}
        assert set(values.values()) == {None}, wrong
    event = connection({})
    assert {getattr(event, name) for name in OWN} == {None}
    assert connection({"data_total": 1.5, "sim_sid": 7, "timestamp": "soon"}).data_total is None


def test_wrong_types_inside_of_network_and_location() -> None:
    event = connection({"network": {"mcc": 310}, "location": {"lat": "51.5", "lon": True, "cell_id": 1}})
    assert event.network == Network(mcc=None, mnc=None, sid=None, friendly_name=None, iso_country=None)
    assert event.location == Location(cell_id=None, lac=None, lat=None, lon=None)
    big = good(json.dumps(MINIMAL).replace('"t"', '"x.supersim.connection.y"')[:-1] + ',"data":{"location":{"lat":1%s}}}' % ("0" * 400))
    assert isinstance(big, ConnectionEvent)
    assert big.location is not None
    assert big.location.lat is None


def test_a_repeated_field_is_none_at_its_own_level_only() -> None:
    data = '{"apn":"a","apn":"a","imei":"1","network":{"mcc":"1","mcc":"2","mnc":"3"}}'
    event = good(f'{{"id":"1","source":"s","type":"x.supersim.connection.y","data":{data}}}')
    assert isinstance(event, ConnectionEvent)
    assert (event.apn, event.imei) == (None, "1")
    assert event.network == Network(mcc=None, mnc="3", sid=None, friendly_name=None, iso_country=None)
    assert event.data["apn"] == "a"


@pytest.mark.parametrize("type_", ["com.kore.iot.supersim.connection.data-session.started", "x.supersim.connection.new.kind"])
def test_connection_events_by_type(type_: str) -> None:
    assert connection({"sim_sid": "HS1"}, type_).sim_sid == "HS1"


@pytest.mark.parametrize("type_", ["com.kore.supersim.sms.sent", "supersimxconnection", "com.kore.supersim.connections"])
def test_other_types_are_plain(type_: str) -> None:
    assert type(good({**MINIMAL, "type": type_, "data": {"sim_sid": "HS1"}})) is CloudEvent


def test_events_are_immutable_and_can_be_pickled() -> None:
    event = good({**MINIMAL, "data": [1]})
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.id = "2"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(event)) == event
    assert not hasattr(event, "__dict__")


def test_the_sample_fills_every_field_but_the_end() -> None:
    body = sample_connection_event().body
    canonical = json.dumps(json.loads(body), separators=(",", ":")).encode()
    (event,) = Webhook(SECRET, URL).verify(body, headers(canonical)).events()
    assert [name for name in OWN if getattr(event, name) is None] == ["data_session_end_time"]


def test_loads_takes_what_may_be_signed() -> None:
    assert loads(b'{"a":[1,2.5,true,null,"\xc3\xa9"]}') == {"a": [1, 2.5, True, None, "é"]}
    digits = b"1" * 5000
    value = loads(b"[%s,-%s,1,1e400,-1e400]" % (digits, digits))
    assert value[0] == Decimal("1" * 5000)
    assert value[1] == Decimal("-" + "1" * 5000)
    assert isinstance(value[2], int)
    assert (value[3], value[4]) == (math.inf, -math.inf)
    assert loads(b'["\\ud800"]') == ["\ud800"]
    assert loads(b'["\\ud83d\\ude00"]') == ["😀"]
    assert loads(b"[" * 64 + b"]" * 64)


def test_such_values_in_an_event() -> None:
    event = good(json.dumps(MINIMAL)[:-1] + ', "subject": "\\ud800", "data": {"n": %s}}' % ("9" * 5000))
    assert event.subject == "\ud800"
    assert isinstance(event.data["n"], Decimal)
    assert connection({"data_total": 10**4000}).data_total == 10**4000


def test_every_accepted_body_of_the_vectors_can_be_read() -> None:
    cases = [case for case in load("json_canonicalization") if case.get("top_level") == "container"]
    assert len(cases) > 50
    for case in cases:
        canonical = bytes.fromhex(case["expect"])
        delivery = Webhook(SECRET, URL).verify(bytes.fromhex(case["input"]), headers(canonical))
        value, events = delivery.json(), delivery.events()
        assert len(events) == (len(value) if isinstance(value, list) else 1), case["name"]


NO_TIMES: list[Any] = [
    "1969-12-31T23:59:59Z",
    "1970-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "0001-01-01T00:00:00+00:01",
    "0000-01-01T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2024-09-25T24:00:00Z",
    "2024-09-25T19:09:60Z",
    "2024-09-25T19:09:48",
    "2024-09-25T19:09:48.Z",
    "2024-09-25T19:09:48+24:00",
    "2024-09-25T19:09:48+00:60",
    "2024-09-25T19:09:48+0000",
    "2024-09-25T19:09:48+00",
    "2024-09-25 19:09:48Z",
    "2024-W39-3T19:09:48Z",
    "2024-9-25T19:09:48Z",
    "20240925T190948Z",
    "٢٠٢٤-09-25T19:09:48Z",
    "2024-09-25T19:09:48Z\n",
    "2024-09-25T19:09:48." + "0" * 44 + "Z",
    "",
    None,
    7,
    [],
]

TIMES: list[tuple[Any, datetime | None]] = [
    ("2024-09-25T19:09:48Z", datetime(2024, 9, 25, 19, 9, 48, tzinfo=UTC)),
    ("2024-09-25t19:09:48z", datetime(2024, 9, 25, 19, 9, 48, tzinfo=UTC)),
    ("2024-09-25T19:09:48.5842087+00:00", datetime(2024, 9, 25, 19, 9, 48, 584208, tzinfo=UTC)),
    ("2024-09-25T19:09:48.5-00:30", datetime(2024, 9, 25, 19, 39, 48, 500000, tzinfo=UTC)),
    ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
    ("9999-12-31T23:59:59.999999999Z", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
    *[(wrong, None) for wrong in NO_TIMES],
    ("2024-09-25T19:09:48." + "0" * 43 + "Z", datetime(2024, 9, 25, 19, 9, 48, tzinfo=UTC)),
]


@pytest.mark.parametrize(("text", "time"), TIMES)
def test_times(text: Any, time: datetime | None) -> None:
    found = parse_time(text)
    assert found == time
    assert found is None or found.utcoffset() == timedelta(0)


TEXTS: list[str] = [str(text) for text, _ in TIMES if isinstance(text, str)]


@pytest.mark.parametrize("text", TEXTS)
def test_times_are_those_of_the_core(text: str) -> None:
    body = json.dumps({**MINIMAL, "time": text}, separators=(",", ":")).encode()
    delivery = Webhook(SECRET, URL).verify(body, headers(body))
    (event,), (key,) = delivery.events(), delivery.replay_keys()
    assert isinstance(event, CloudEvent)
    assert (event.time is None) == (key.time is None)
    if event.time is not None and key.time is not None:
        assert event.time.replace(microsecond=event.time.microsecond // 1000 * 1000) == key.time
