"""Forms: what occurs once, what occurs more often, and the fields of Super SIM callbacks."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from signing import FORM, SECRET, URL, headers

from korewebhook import Form, Webhook
from korewebhook._form import parse

# The body of KORE's documentation.
SAMPLE = (
    b"ApiVersion=v1&SimUniqueName=my_super_sim&SimSid=HSab3f06be8f5d32caecb91e8a306c6c08"
    b"&SimStatus=active&AccountSid=AC3ba717b1d236e6c4a835e46130267eb4"
)


def form(body: bytes) -> Form:
    return Webhook(SECRET, URL).verify(body, headers(body, content_type=FORM)).form()


def test_the_callback_of_kores_documentation() -> None:
    fields = form(SAMPLE)
    assert (fields.api_version, fields.sim_unique_name) == ("v1", "my_super_sim")
    assert (fields.sim_sid, fields.sim_status) == ("HSab3f06be8f5d32caecb91e8a306c6c08", "active")
    assert fields.account_sid == "AC3ba717b1d236e6c4a835e46130267eb4"
    assert list(fields) == ["ApiVersion", "SimUniqueName", "SimSid", "SimStatus", "AccountSid"]


def test_it_is_a_mapping() -> None:
    fields = form(b"a=1&b=2")
    assert isinstance(fields, Mapping)
    assert (dict(fields), len(fields), "a" in fields, fields.get("c")) == ({"a": "1", "b": "2"}, 2, True, None)
    with pytest.raises(KeyError):
        fields["c"]


def test_what_occurs_twice_is_in_doubt() -> None:
    fields = form(b"SimStatus=inactive&x=1&SimStatus=active")
    assert (fields.sim_status, "SimStatus" in fields, dict(fields)) == (None, False, {"x": "1"})
    assert fields.all("SimStatus") == ["inactive", "active"]
    assert fields.all("none") == []
    assert fields.pairs == (("SimStatus", "inactive"), ("x", "1"), ("SimStatus", "active"))


def test_an_encoded_name_is_the_same_name() -> None:
    assert form(b"SimStatus=inactive&Sim%53tatus=active").sim_status is None
    assert form(b"Sim%53tatus=active").sim_status == "active"


@pytest.mark.parametrize("name", ["api_version", "sim_unique_name", "sim_sid", "sim_status", "account_sid"])
def test_what_is_absent_is_none(name: str) -> None:
    assert getattr(form(b"x=1"), name) is None


def test_decoding() -> None:
    body = b"a=b+c%2Bd&%C3%A9=%F0%9F%98%80&bad=%ff%41&pct=%zz%4&nul=%00&empty=&bare&=nameless&&"
    assert form(body).pairs == (
        ("a", "b c+d"),
        ("é", "😀"),
        ("bad", "\ufffdA"),
        ("pct", "%zz%4"),
        ("nul", "\0"),
        ("empty", ""),
        ("bare", ""),
        ("", "nameless"),
    )


def test_names_that_decode_to_the_same_text_are_in_doubt() -> None:
    fields = parse([(b"\xff", b"1"), (b"\xfe", b"2")])
    assert (dict(fields), fields.all("\ufffd")) == ({}, ["1", "2"])


def test_a_json_body_has_no_fields() -> None:
    delivery = Webhook(SECRET, URL).verify(b"{}", headers(b"{}"))
    assert delivery.form().pairs == ()


def test_repr_shows_names_only() -> None:
    assert repr(form(b"SimSid=HS01&x=secret")) == "<Form ['SimSid', 'x']>"
