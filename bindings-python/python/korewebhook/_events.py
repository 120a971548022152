"""CloudEvents of a verified body: typed where something is known, everything kept.

What is signed decides, so a member that occurs twice, or has another type than it should, is not used: it is `None`, as parsers differ over
which of the two counts. The text as it was signed stays in `raw`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from . import _time
from ._json import Members, loads

__all__ = ["BadEvent", "CloudEvent", "ConnectionEvent", "Location", "Network", "loads", "parse"]

_KNOWN = frozenset(
    ("id", "source", "type", "time", "dataschema", "specversion", "datacontenttype", "subject", "data")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudEvent:
    """A CloudEvents 1.0 envelope. `source` and `id` together name the event; `type` says what `data` means."""

    index: int
    """Its place in the body, from 0."""
    id: str
    source: str
    type: str
    time: datetime | None
    """When it happened, signed; aware, in UTC, to the microsecond."""
    dataschema: str | None
    specversion: str | None
    datacontenttype: str | None
    subject: str | None
    data: Any = field(repr=False)
    """The JSON value of `data`, whole, whether its fields are known here or not."""
    extensions: dict[str, Any] = field(repr=False)
    """All other members that occur once."""
    key: str | None
    """The event key in hexadecimal digits: equal for every delivery of this event to this URL."""
    raw: bytes = field(repr=False)
    """The event's JSON text as it was signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The cellular network of a connection event."""

    mcc: str | None
    mnc: str | None
    sid: str | None
    friendly_name: str | None
    iso_country: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """The cell of a connection event, and its position in degrees."""

    cell_id: str | None
    lac: str | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionEvent(CloudEvent):
    """A Super SIM connection event (`*.supersim.connection.*`), its fields from `data`. Amounts of data are in bytes.

    A field that is missing, occurs twice or has another type is `None`.
    """

    event_sid: str | None
    event_type: str | None
    account_sid: str | None
    sim_sid: str | None
    sim_iccid: str | None
    sim_unique_name: str | None
    fleet_sid: str | None
    timestamp: datetime | None
    imsi: str | None
    imei: str | None
    apn: str | None
    rat_type: str | None
    ip_address: str | None
    network: Network | None
    location: Location | None
    data_upload: int | None
    """Bytes since the last event of the session."""
    data_download: int | None
    data_total: int | None
    data_session_sid: str | None
    data_session_start_time: datetime | None
    data_session_end_time: datetime | None
    data_session_update_start_time: datetime | None
    data_session_update_end_time: datetime | None
    data_session_data_upload: int | None
    """Bytes since the session began."""
    data_session_data_download: int | None
    data_session_data_total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadEvent:
    """An item of a verified body that is no CloudEvent. It was signed, so something sends it: log it, and handle the others."""

    index: int
    """Its place in the body, from 0."""
    raw: bytes = field(repr=False)
    """The item's JSON text as it was signed."""
    reason: str
    """`not-an-object`, `id-missing`, `source-missing` or `type-missing`; a member that occurs twice or is no string is missing."""
    key: str | None = None
    """The event key in hexadecimal digits, where there is one."""


def parse(items: Iterable[tuple[int, bytes, bool, str | None]]) -> list[CloudEvent | BadEvent]:
    """The events of a body from its items: place, JSON text, whether it is an object, event key. Never raises on signed content."""
    return [_event(*item) for item in items]


def _event(index: int, raw: bytes, is_object: bool, key: str | None) -> CloudEvent | BadEvent:
    if not is_object:
        return BadEvent(index=index, raw=raw, reason="not-an-object")
    members = Members(raw)
    envelope = _Fields(members, members.value)
    named = {name: envelope.text(name) for name in ("id", "source", "type")}
    for name, value in named.items():
        if not value:  # CloudEvents 1.0: not empty
            return BadEvent(index=index, raw=raw, reason=f"{name}-missing", key=key)
    event_type = named["type"] or ""
    data = envelope.value("data")
    common: dict[str, Any] = {
        "index": index,
        **named,
        "time": envelope.time("time"),
        "dataschema": envelope.text("dataschema"),
        "specversion": envelope.text("specversion"),
        "datacontenttype": envelope.text("datacontenttype"),
        "subject": envelope.text("subject"),
        "data": data,
        "extensions": {n: v for n, v in members.value.items() if n not in _KNOWN and n not in envelope.repeated},
        "key": key,
        "raw": raw,
    }
    if ".supersim.connection." in event_type:
        return ConnectionEvent(**common, **_connection(_Fields(members, data)))
    return CloudEvent(**common)


def _connection(data: _Fields) -> dict[str, Any]:
    names = ("event_sid", "event_type", "account_sid", "sim_sid", "sim_iccid", "sim_unique_name", "fleet_sid", "imsi", "imei", "apn")
    texts = (*names, "rat_type", "ip_address", "data_session_sid")
    session = ("start_time", "end_time", "update_start_time", "update_end_time")
    times = ("timestamp", *(f"data_session_{name}" for name in session))
    amounts = ("data_upload", "data_download", "data_total")
    counts = (*amounts, *(f"data_session_{name}" for name in amounts))
    return {
        **{name: data.text(name) for name in texts},
        **{name: data.time(name) for name in times},
        **{name: data.count(name) for name in counts},
        "network": _network(data.object("network")),
        "location": _location(data.object("location")),
    }


def _network(fields: _Fields | None) -> Network | None:
    names = ("mcc", "mnc", "sid", "friendly_name", "iso_country")
    return None if fields is None else Network(**{name: fields.text(name) for name in names})


def _location(fields: _Fields | None) -> Location | None:
    if fields is None:
        return None
    cell_id, lac = fields.text("cell_id"), fields.text("lac")
    return Location(cell_id=cell_id, lac=lac, lat=fields.number("lat"), lon=fields.number("lon"))


class _Fields:
    """The members of an object by name and type; `None` for what is not as expected."""

    def __init__(self, members: Members, value: Any) -> None:
        self._members = members
        self._value = value
        self.repeated = members.repeated(value)

    def value(self, name: str) -> Any:
        return self._members.only(self._value, name)

    def text(self, name: str) -> str | None:
        value = self.value(name)
        return value if isinstance(value, str) else None

    def time(self, name: str) -> datetime | None:
        return _time.parse(self.value(name))

    def count(self, name: str) -> int | None:
        value = self.value(name)
        # bool is a subclass of int.
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def number(self, name: str) -> float | None:
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        try:
            return float(value)
        except OverflowError:
            return None

    def object(self, name: str) -> _Fields | None:
        value = self.value(name)
        return _Fields(self._members, value) if isinstance(value, dict) else None
