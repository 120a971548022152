"""The core, converted. What is decided here is decided in Rust."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias, final, overload

from typing_extensions import Buffer, Self

from ._errors import VerificationError
from ._events import BadEvent, CloudEvent
from ._form import Form
from .guard import Outcome

_Text: TypeAlias = str | bytes
_Headers: TypeAlias = Mapping[Any, Any] | Iterable[tuple[_Text, _Text]]
_Secrets: TypeAlias = _Text | Iterable[_Text]
_Time: TypeAlias = float | datetime

__version__: Final[str]

REASONS: Final[dict[str, tuple[int, str]]]
"""Every reason: name to number and hint."""

@final
class Webhook:
    """One callback URL with its secrets. Immutable; share it between threads."""

    def __new__(
        cls,
        secret: _Secrets,
        url: _Text,
        *,
        scheme: Literal["kore-sha256", "hmac-sha256"] | None = None,
        allow_get: bool = False,
        allow_empty_body: bool = False,
        max_body: int | None = None,
        max_depth: int | None = None,
        format: Literal["json", "form"] | None = None,
    ) -> Self:
        """Takes a secret, or up to 8 of them around a rotation, and the URL exactly as registered with KORE.

        ``scheme`` is what is signed and how (default ``kore-sha256``). ``allow_get`` accepts a GET, as an ``EndpointOnly``. ``allow_empty_body``
        accepts a POST without a body. ``max_body`` is in bytes (default 1 MiB), ``max_depth`` from 1 to 64 (default 64). ``format`` is what a body
        is that comes without a content type; by default it is refused. A secret has 1 to 1,024 bytes.

        Raises ``VerificationError``: ``secret-*``, ``too-many-secrets``, ``url-invalid``, ``invalid-argument``.
        """

    @classmethod
    def from_env(cls, **options: Any) -> Self:
        """Takes the secrets from ``KOREWEBHOOK_SECRET``, where commas separate several, and the URL from ``KOREWEBHOOK_URL``."""

    @overload
    def verify(self, body: Buffer, headers: _Headers, *, method: Literal["POST"] | None = None) -> Delivery: ...
    @overload
    def verify(self, body: Buffer, headers: _Headers, *, method: _Text) -> Delivery | EndpointOnly:
        """Verifies the raw body of a request against its headers.

        ``headers`` is a mapping or pairs of ``str`` or ``bytes``, a WSGI environ or ASGI tuples. A body that can change is copied first.
        Raises ``VerificationError`` with the earliest reason in the check order.
        """

    def refuse_unread(self, headers: _Headers, *, method: _Text | None = None) -> VerificationError:
        """Returns the error for a body over ``max_body`` that was not read: ``body-too-large``, or what outranks it."""

    def sign(self, body: Buffer, *, content_type: _Text | None = None) -> str:
        """Returns the signature of a POST by the first secret, in hex. JSON is minified first.

        Without ``content_type``, a body that begins with ``{`` or ``[`` is JSON. Raises ``VerificationError`` for what would not verify.
        """

    def headers(
        self,
        body: Buffer,
        *,
        content_type: _Text | None = None,
        token: _Text | None = None,
        date: _Text | datetime | None = None,
    ) -> dict[str, str]:
        """Returns the headers that KORE sends with such a body. A token is drawn and the date is now unless given."""

    @property
    def url(self) -> str:
        """The part of the URL that is signed."""

    @property
    def scheme(self) -> Literal["kore-sha256", "hmac-sha256"]:
        """What is signed and how."""

    @property
    def max_body(self) -> int:
        """The longest body, in bytes."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What works but helps an attacker: ``url-http``, ``url-bare-host``, ``secret-short``."""

@final
class Delivery:
    """A verified delivery: method, URL and body are what a holder of the secret signed."""

    @property
    def body(self) -> bytes:
        """The canonical body: what was signed and what to parse. The object passed in, where it was ``bytes`` and canonical already."""

    @property
    def format(self) -> Literal["json", "form"]:
        """What the body is."""

    @property
    def secret_index(self) -> int:
        """Which secret matched, from 0."""

    @property
    def key(self) -> str:
        """The delivery key, in hex: the same for every retry and after a rotation."""

    @property
    def idempotency_token(self) -> str | None:
        """KORE's token, if there is one that is well formed. Not signed."""

    @property
    def date(self) -> datetime | None:
        """When it was sent, in UTC. Not signed, so of no use against replay."""

    def json(self) -> Any:
        """Parses a JSON body. Integers of over 4,300 digits come as ``decimal.Decimal``."""

    def events(self) -> list[CloudEvent | BadEvent]:
        """The events of a JSON body, in order. Empty for a form."""

    def form(self) -> Form:
        """The fields of a form. Empty for JSON."""

    def replay_keys(self) -> list[ReplayKey]:
        """What a guard has to remember: one key for each event that has an id, else one for the whole."""

@final
class EndpointOnly:
    """A verified GET, where allowed. Its signature is a constant of the endpoint: nothing of the event is authentic."""

    @property
    def secret_index(self) -> int:
        """Which secret matched, from 0."""

@final
class ReplayKey:
    """One thing to remember of a delivery."""

    @property
    def key(self) -> str:
        """The key, in hex."""

    @property
    def has_id(self) -> bool:
        """Whether a signed id stands behind it."""

    @property
    def time(self) -> datetime | None:
        """The signed time, in UTC."""

    def tag(self, token: _Text | None, owner: bytes) -> bytes:
        """What tells entries of one key apart: 32 bytes. The content of an event, else the token, else the owner."""

@final
class ReplayGuard:
    """A replay guard for one process. Thread-safe; what it knows is gone after a restart.

    Times are in seconds. ``lease`` is how long a claim lasts, ``retention`` how long a committed key is kept; events whose signed time is older than
    ``max_age`` are stale (``None`` turns that off), ``skew`` is how far it may lie ahead. A guard that is full refuses: nothing live is evicted.
    """

    def __new__(
        cls,
        *,
        capacity: int | None = 65536,
        lease: float | None = 12.0,
        retention: float | None = 2592000.0,
        max_age: float | None = 86400.0,
        skew: float | None = 3600.0,
    ) -> Self: ...
    def claim(self, keys: Iterable[ReplayKey], token: _Text | None, owner: bytes, now: _Time) -> list[Outcome]:
        """Claims the keys of a delivery for an owner (16 random bytes for each attempt), one outcome for each."""

    def commit(self, keys: Iterable[ReplayKey], owner: bytes, now: _Time) -> None:
        """Keeps what was claimed for good. Raises ``LostLease``, ``AlreadyCommitted``."""

    def release(self, keys: Iterable[ReplayKey], owner: bytes, now: _Time) -> None:
        """Gives back what was claimed. Raises ``LostLease``, ``AlreadyCommitted``."""

    def renew(self, keys: Iterable[ReplayKey], owner: bytes, now: _Time) -> None:
        """Lets the lease begin anew. Raises ``LostLease``, ``AlreadyCommitted``."""

    @property
    def capacity(self) -> int:
        """How many keys there is room for."""

    def __len__(self) -> int: ...

@final
class StandardWebhook:
    """Standard Webhooks v1, for senders that sign id and time. Immutable; share it between threads."""

    def __new__(cls, secret: _Secrets) -> Self:
        """Takes a ``whsec_`` secret, or up to 8 of them. Raises ``VerificationError``: ``secret-*``, ``too-many-secrets``."""

    def verify(
        self, body: Buffer, headers: _Headers, *, now: _Time | None = None, tolerance: float | None = None
    ) -> StandardDelivery:
        """Verifies the raw body. ``tolerance`` is in seconds, either way and inclusive (default 300)."""

    def sign(self, id: _Text, timestamp: _Time, body: Buffer) -> str:
        """Returns the signature as it stands in the header, by the first secret."""

@final
class StandardDelivery:
    """What a verified message says of itself. Everything here is signed."""

    @property
    def id(self) -> str:
        """The message's id."""

    @property
    def timestamp(self) -> int:
        """The time of the attempt, in seconds since 1970."""

    @property
    def secret_index(self) -> int:
        """Which secret matched, from 0."""

def verify_bearer(headers: _Headers, token: _Secrets) -> int:
    """Checks an ``Authorization: Bearer`` header in constant time; returns which token it was, from 0.

    Raises ``VerificationError``: ``bearer-missing``, ``bearer-duplicate``, ``bearer-format``, ``bearer-mismatch``, ``secret-empty``, ``secret-format``.
    """

def minify_json(body: Buffer) -> bytes:
    """Returns JSON without the white space between its tokens; every byte of a token is kept. A scalar is allowed."""

def signed_url(url: _Text) -> str:
    """Returns the part of a callback URL that is signed. Raises ``VerificationError``: ``url-invalid``."""

def parse_date(value: _Text) -> datetime:
    """Reads KORE's date header, such as ``2024-07-03T14:40:58Z``, as an aware datetime in UTC."""
