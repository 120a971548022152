"""For your own tests: signed requests, sample deliveries and a clock that stands still. Nothing here is random or reads the time.

    body, headers = sign_request(webhook, sample_form(status="inactive"))
    response = client.post("/kore/", data=body, headers=headers)  # Flask, Django, Starlette, httpx: any client

With pytest, the fixture `korewebhook` gives a `Kit` with all of it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from . import ReplayGuard, Webhook

__all__ = [
    "SAMPLE_SECRET",
    "SAMPLE_TIME",
    "SAMPLE_URL",
    "FixedClock",
    "Kit",
    "Sample",
    "sample_connection_event",
    "sample_events",
    "sample_form",
    "sign_request",
]

SAMPLE_SECRET = "test-secret-for-korewebhook"
"""A secret for tests, long enough to give no warning."""
SAMPLE_URL = "https://hooks.example.com/kore/"
"""A callback URL for tests. Nothing is sent to it."""
SAMPLE_TIME = datetime(2024, 9, 25, 19, 9, 48, 584208, tzinfo=UTC)
"""When the sample events happened. A guard calls them `stale` by today's clock: give your adapter `clock=FixedClock()`."""

_FORM = "application/x-www-form-urlencoded; charset=utf-8"
_JSON = "application/json"


class Sample(NamedTuple):
    """A body as KORE would send it, and its content type."""

    body: bytes
    content_type: str


class FixedClock:
    """A clock for `clock=`: it stands still until `advance` is called. Called, it gives seconds since 1970."""

    def __init__(self, now: float | datetime = SAMPLE_TIME) -> None:
        self.now = now.timestamp() if isinstance(now, datetime) else float(now)

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        self.now += seconds


def sign_request(
    webhook: Webhook,
    body: bytes | Sample,
    *,
    content_type: str | None = None,
    token: str | None = None,
    date: str | datetime | None = None,
) -> tuple[bytes, dict[str, str]]:
    """A POST as KORE would send it to `webhook`, signed with its first secret: body as it goes over the wire, and headers in lower case.

    Without `content_type`, a body that begins with `{` or `[` is JSON, any other a form. Without `token` it depends on the body, so that the same
    body twice is a retry; without `date` it is `SAMPLE_TIME`. Raises `VerificationError` for a body that would not verify.
    """
    raw, known = (body.body, body.content_type) if isinstance(body, Sample) else (body, None)
    headers = webhook.headers(
        raw,
        content_type=content_type or known,
        token=token or f"RQ{hashlib.sha256(raw).hexdigest()[:32]}",
        date=date or SAMPLE_TIME,
    )
    return raw, headers


def sample_form(*, status: str = "active", **fields: str) -> Sample:
    """The Super SIM callback of KORE's documentation, a SIM that changed its status. Further `fields` are added or replace its own."""
    form = {
        "ApiVersion": "v1",
        "SimUniqueName": "my_super_sim",
        "SimSid": "HSab3f06be8f5d32caecb91e8a306c6c08",
        "SimStatus": status,
        "AccountSid": "AC3ba717b1d236e6c4a835e46130267eb4",
    }
    return Sample(urlencode({**form, **fields}).encode(), _FORM)


def sample_events(*ids: str, **members: Any) -> Sample:
    """An Event Streams delivery: an array of CloudEvents with these ids, by default two. `members` are added to each or replace its own.

    As KORE sends it, with white space that is not signed.
    """
    events = [
        {
            "id": event_id,
            "time": "2024-09-25T19:09:48.5842087+00:00",
            "type": "com.kore.eventstreams.test.event",
            "source": "kore-events",
            "dataschema": "/schemas/test/1",
            "specversion": "1.0",
            "datacontenttype": "application/json",
            "data": {"message": "test"},
            **members,
        }
        for event_id in ids or ("EZ0001", "EZ0002")
    ]
    return Sample(json.dumps(events, indent=2).encode(), _JSON)


def sample_connection_event(event_id: str = "EZ0003", **data: Any) -> Sample:
    """One Super SIM connection event, the update of a data session. `data` is added to its data or replaces it."""
    event_type = "com.kore.supersim.connection.data-session.updated"
    fields = {
        "event_sid": event_id,
        "event_type": event_type,
        "account_sid": "AC3ba717b1d236e6c4a835e46130267eb4",
        "sim_sid": "HSab3f06be8f5d32caecb91e8a306c6c08",
        "sim_iccid": "89883070000000000123",
        "sim_unique_name": "my_super_sim",
        "fleet_sid": "HF00000000000000000000000000000001",
        "timestamp": "2024-09-25T19:09:48Z",
        "imsi": "732123000000001",
        "imei": "350000000000001",
        "apn": "super",
        "rat_type": "4G LTE",
        "ip_address": "100.64.0.1",
        "network": {
            "mcc": "310",
            "mnc": "410",
            "sid": "HW00000000000000000000000000000001",
            "friendly_name": "AT&T",
            "iso_country": "US",
        },
        "location": {"cell_id": "20485", "lac": "501", "lat": 51.507350, "lon": -0.127758},
        "data_upload": 1024,
        "data_download": 2048,
        "data_total": 3072,
        "data_session_sid": "PI00000000000000000000000000000001",
        "data_session_start_time": "2024-09-25T19:03:48Z",
        "data_session_update_start_time": "2024-09-25T19:03:48Z",
        "data_session_update_end_time": "2024-09-25T19:09:48Z",
        "data_session_data_upload": 1024,
        "data_session_data_download": 2048,
        "data_session_data_total": 3072,
    }
    return sample_events(event_id, type=event_type, dataschema="/schemas/supersim/2", data={**fields, **data})


@dataclass
class Kit:
    """A webhook with its secret and URL, a clock that stands still, and signed requests: what the fixture `korewebhook` gives.

    An application that reads its configuration from the environment finds it in `environ`.
    """

    secret: str = field(default=SAMPLE_SECRET, repr=False)
    url: str = SAMPLE_URL
    clock: FixedClock = field(default_factory=FixedClock)

    def __post_init__(self) -> None:
        self.webhook = Webhook(self.secret, self.url)

    @property
    def environ(self) -> dict[str, str]:
        """What `Webhook.from_env()` reads, for `monkeypatch.setenv`."""
        return {"KOREWEBHOOK_SECRET": self.secret, "KOREWEBHOOK_URL": self.url}

    def guard(self, **options: Any) -> ReplayGuard:
        """A new `ReplayGuard`; let the adapter have `clock` too."""
        return ReplayGuard(**options)

    def sign(
        self,
        body: bytes | Sample,
        *,
        content_type: str | None = None,
        token: str | None = None,
        date: str | datetime | None = None,
    ) -> tuple[bytes, dict[str, str]]:
        """`sign_request` with this kit's webhook."""
        return sign_request(self.webhook, body, content_type=content_type, token=token, date=date)
