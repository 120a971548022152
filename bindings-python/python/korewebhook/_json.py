"""JSON as it may be signed, read without an exception: whatever the core has accepted can be read here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

Pairs = list[tuple[str, Any]]


def loads(body: bytes, *, hook: Callable[[Pairs], Any] | None = None) -> Any:
    """Reads a verified body. Its grammar, depth and UTF-8 have been checked by the core.

    An integer longer than Python converts (4,300 digits by default) becomes a `decimal.Decimal`; a float beyond the range becomes
    infinity; a lone surrogate stays in its string.
    """
    text = body.decode("utf-8", "surrogatepass")
    try:
        return json.loads(text, object_pairs_hook=hook)
    except json.JSONDecodeError:
        raise
    except ValueError:  # an integer over the limit of int()
        return json.loads(text, object_pairs_hook=hook, parse_int=_integer)


def _integer(digits: str) -> int | Decimal:
    try:
        return int(digits)
    except ValueError:
        return Decimal(digits)


class Members:
    """Reads one JSON text and keeps which of its members occur more than once, in any object of it."""

    def __init__(self, text: bytes) -> None:
        self._last: Pairs = []
        # By identity; holding the object keeps its identity from being used again.
        self._repeated: dict[int, tuple[object, frozenset[str]]] = {}
        self.value: Any = loads(text, hook=self._object)

    def _object(self, pairs: Pairs) -> dict[str, Any]:
        self._last = pairs  # the outermost object is the last to be closed
        members = dict(pairs)
        if len(members) != len(pairs):
            count = Counter(name for name, _ in pairs)
            self._repeated[id(members)] = (members, frozenset(name for name in members if count[name] > 1))
        return members

    def only(self, members: object, name: str) -> Any:
        """The value of the only member of this name; `None` where there is none or more than one, or where that is no object."""
        if not isinstance(members, dict) or name in self.repeated(members):
            return None
        return members.get(name)

    def repeated(self, members: object) -> frozenset[str]:
        """The names that occur more than once in this object."""
        return self._repeated.get(id(members), (None, frozenset[str]()))[1]
