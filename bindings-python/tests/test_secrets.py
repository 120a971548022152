"""No secret shows, whatever is printed, dumped or copied."""

from __future__ import annotations

import copy
import gc
import hashlib
import io
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from korewebhook import Delivery, EndpointOnly, StandardWebhook, VerificationError, Webhook

URL = "https://h.example/kore/"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def secret() -> str:
    """Put together here, so that the whole of it stands in no source line and no local variable of the tests."""
    return "".join(["5ecret", "-that-", "shows-", "nowhere"])


def key() -> str:
    return "".join(["QUJD", "REVG"] * 4)


def webhook() -> Webhook:
    return Webhook([secret(), secret() + "-2"], URL, allow_get=True)


def standard() -> StandardWebhook:
    return StandardWebhook("whsec_" + key())


def delivery() -> Delivery:
    made = webhook()
    return made.verify(b"a=b", made.headers(b"a=b", token="RQ1", date="2024-07-03T14:40:58Z"))


def error() -> VerificationError:
    with pytest.raises(VerificationError) as caught:
        webhook().verify(b"a=b", FORM | {"kore-signature": "0" * 64})
    return caught.value


def error_of_the_configuration() -> VerificationError:
    with pytest.raises(VerificationError) as caught:
        Webhook([secret(), secret() + "\n"], URL)
    return caught.value


MAKERS: list[Callable[[], Any]] = [webhook, standard, delivery, error, error_of_the_configuration]
by_maker = pytest.mark.parametrize("make", MAKERS)


def leaks(text: str | bytes) -> bool:
    given = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    spellings = [secret(), key(), secret().encode().hex(), "ABCDEF" * 4]
    return any(spelling.encode() in given for spelling in spellings)


def test_the_search_finds_what_is_there() -> None:
    assert leaks(f"...{secret()}...")
    assert leaks(repr([secret().encode()]))
    assert leaks(pickle.dumps({"key": key()}))
    assert not leaks("5ecret-that-")


@by_maker
def test_texts(make: Callable[[], Any]) -> None:
    thing = make()
    for show in (
        repr,
        str,
        ascii,
        format,
        pprint.pformat,
        lambda value: f"{value!r} {value}",
        lambda value: "%s %r" % (value, value),
    ):
        assert not leaks(show(thing)), show
    for name in dir(thing):
        attribute = getattr(thing, name, None)
        assert not leaks(repr(attribute)), name
        assert not leaks(str(attribute)), name


@by_maker
def test_dumps(make: Callable[[], Any]) -> None:
    thing = make()
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        try:
            assert not leaks(pickle.dumps(thing, protocol))
        except TypeError as error:
            assert not leaks(str(error))
    try:
        held = vars(thing)
    except TypeError:
        held = {}
    assert not leaks(repr(held))
    assert not leaks(json.dumps({"thing": thing, "held": held}, default=repr))
    assert not leaks(repr(gc.get_referents(thing)))


@by_maker
def test_tracebacks_with_locals(make: Callable[[], Any]) -> None:
    thing = make()

    def handler(held: Any) -> None:
        raise RuntimeError("in a handler") from (held if isinstance(held, BaseException) else None)

    try:
        handler(thing)
    except RuntimeError as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "in a handler" in shown
    assert "thing = " in shown
    assert not leaks(shown)


@pytest.mark.parametrize("make", [webhook, standard])
def test_what_holds_secrets_is_neither_copied_nor_pickled(make: Callable[[], Any]) -> None:
    held = make()
    for duplicate in (copy.copy, copy.deepcopy, pickle.dumps, lambda value: pickle.dumps([value], 0)):
        with pytest.raises(TypeError, match="holds secrets") as caught:
            duplicate(held)
        assert not leaks(str(caught.value))
    with pytest.raises(TypeError):
        vars(held)
    with pytest.raises(TypeError):
        json.dumps(held)
    with pytest.raises((AttributeError, TypeError)):
        held.secret = "other"
    # Equality and hash are those of the object, not of what it holds.
    assert held != make()
    assert hash(held) != hash(make()) or held is not make()


def test_neither_class_can_be_a_base() -> None:
    for base in (Webhook, StandardWebhook):
        with pytest.raises(TypeError):
            type("Leaky", (base,), {})


def test_wrong_types_are_named_by_their_type_alone() -> None:
    for wrong in (
        bytearray(secret().encode()),
        memoryview(secret().encode()),
        [bytearray(secret().encode())],
        {1: secret()},
        [[secret()]],
    ):
        with pytest.raises(TypeError) as caught:
            Webhook(wrong, URL)
        assert not leaks(str(caught.value))


def test_an_error_survives_a_process_boundary() -> None:
    """Worker pools pickle exceptions."""
    with pytest.raises(VerificationError) as caught:
        Webhook(secret(), URL).verify(b'{"a":01}', {"kore-signature": "0" * 64, "content-type": "application/json"})
    first = caught.value
    for again in (pickle.loads(pickle.dumps(first)), copy.copy(first), copy.deepcopy(first)):
        assert isinstance(again, VerificationError)
        assert (again.code, again.number, again.hint) == ("json-malformed", 55, first.hint)
        assert (again.detail, again.offset) == (first.detail, first.offset) == ("bad-number", 6)
        assert str(again) == str(first)


def test_an_endpoint_says_which_secret_and_no_more() -> None:
    made = webhook()
    signature = hashlib.sha256(f"{secret()}-2GET{URL}".encode()).hexdigest()
    only = made.verify(b"", {"kore-signature": signature}, method="GET")
    assert isinstance(only, EndpointOnly)
    assert only.secret_index == 1
    assert not leaks(repr(only))


def test_logging(caplog: pytest.LogCaptureFixture) -> None:
    stream = io.StringIO()
    logger = logging.getLogger("test_secrets")
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    try:
        with caplog.at_level(logging.DEBUG):
            try:
                webhook().verify(b"a=b", FORM)
            except VerificationError as error:
                logger.exception("refused %s %r", error, webhook())
    finally:
        logger.removeHandler(handler)
    assert "signature-missing" in stream.getvalue()
    assert not leaks(stream.getvalue())
    assert not leaks(caplog.text)
