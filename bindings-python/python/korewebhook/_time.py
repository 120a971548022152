"""RFC 3339 times of signed content. Exactly what the core takes for a time is one here."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_RFC3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)
_LONGEST = 64  # characters that the core looks at
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse(text: object) -> datetime | None:
    """An aware datetime in UTC, digits after the sixth decimal dropped; `None` for anything that is no time from 1970 to 9999.

    Python's own `fromisoformat` takes week dates and more, which would be times here and not in the core.
    """
    match = _RFC3339.fullmatch(text) if isinstance(text, str) and len(text) <= _LONGEST else None
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.group(1, 2, 3, 4, 5, 6))
    micros = int((match[7] or "")[:6].ljust(6, "0"))
    hours, minutes = int(match[9] or 0), int(match[10] or 0)
    if hours > 23 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    try:
        local = datetime(year, month, day, hour, minute, second, micros, tzinfo=UTC)
        time = local + offset if match[8] == "-" else local - offset
    except (ValueError, OverflowError):
        return None
    return time if time >= _EPOCH else None
