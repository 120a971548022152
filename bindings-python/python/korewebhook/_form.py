"""The fields of a verified form body, typed for Super SIM callbacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Form", "parse"]


class Form(Mapping[str, str]):
    """The fields that occur exactly once, by name. `pairs` and `all` give the others too.

    A field that occurs twice is in doubt, because parsers differ over which of the two counts; so it is not among the items, and its
    attribute is `None`. Names and values are decoded as UTF-8; bytes that are not UTF-8 become U+FFFD.
    """

    __slots__ = ("_once", "pairs")

    pairs: tuple[tuple[str, str], ...]
    """All fields, in the order of the body."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = tuple(pairs)
        count = Counter(name for name, _ in self.pairs)
        self._once = {name: value for name, value in self.pairs if count[name] == 1}

    def __getitem__(self, name: str) -> str:
        return self._once[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._once)

    def __len__(self) -> int:
        return len(self._once)

    def __repr__(self) -> str:
        # Names only: values are the customer's data.
        return f"<Form {[name for name, _ in self.pairs]!r}>"

    def all(self, name: str) -> list[str]:
        """The values of every field of this name, in the order of the body."""
        return [value for field, value in self.pairs if field == name]

    @property
    def api_version(self) -> str | None:
        """`ApiVersion`, such as `v1`."""
        return self.get("ApiVersion")

    @property
    def account_sid(self) -> str | None:
        """`AccountSid`: the account (`AC…`)."""
        return self.get("AccountSid")

    @property
    def sim_sid(self) -> str | None:
        """`SimSid`: the SIM (`HS…`)."""
        return self.get("SimSid")

    @property
    def sim_unique_name(self) -> str | None:
        """`SimUniqueName`: the name that the customer gave the SIM."""
        return self.get("SimUniqueName")

    @property
    def sim_status(self) -> str | None:
        """`SimStatus`: the state that the SIM has now, such as `active`. Values not known yet will come."""
        return self.get("SimStatus")


def parse(pairs: Iterable[tuple[bytes, bytes]]) -> Form:
    """The form of names and values that are percent-decoded already. Never raises on signed content."""
    return Form((name.decode("utf-8", "replace"), value.decode("utf-8", "replace")) for name, value in pairs)
