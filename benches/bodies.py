"""Writes the deliveries that every language is measured with: `bodies.py FOLDER`.

Each workload is two files. `NAME.index` has a line with the content type and the secrets, of which the last has
signed, and a line for each delivery: 1 if it is to be accepted, its signature, how many bytes are signed, how many
bytes its body has. `NAME.bodies` has the bodies, one after another.
"""

import hashlib
import json
import sys
from pathlib import Path

# Also in what reads them.
URL = "https://testendpoint.com/"
SECRETS = [f"{first:x}35974bdf1c769b8bb" for first in (10, 11, 12, 13, 14, 15, 0, 1)]

# As many as a branch predictor doesn't learn by heart.
MANY = 128
KIB = 1 << 10
# Bodies of up to 1 MiB are taken by default.
MIB = 1 << 20


NOTE = (
    "A somewhat longer text, as a person would write it into a field of the console: who has asked for the change and why, "
    "until when it is to stay so, whom to call about it, and which of the meters in the north of the district had been "
    "moved to another tariff before this one was."
)


def event(number):
    """About what KORE sends for a change of a SIM's state: 1,100 bytes, 1,400 pretty. Each has its own numbers."""
    mixed = number * 2654435761 % (1 << 32)
    return {
        "specversion": "1.0",
        "id": f"EV{mixed:08x}{number:024x}",
        "source": "kore-events/sim",
        "type": "com.korewireless.simevents.StatusChange",
        "time": f"2024-09-25T19:{mixed % 60:02}:{number % 60:02}.{mixed % 10**7:07}+00:00",
        "dataschema": "https://events.example.com/schemas/sim-status-change/v1",
        "data": {
            "account_id": f"COS{mixed % 10**8:08}",
            "sim_sid": f"HS{number:024x}{mixed:06x}",
            "iccid": f"89883070000{mixed % 10**8:08}",
            "imsi": f"9014051{mixed % 10**8:08}",
            "from": ["Inactive", "Ready", "Suspended"][mixed % 3],
            "to": "Active",
            "tags": ["meter", "north", "é"][: mixed % 4],
            "usage": {"bytes": mixed, "ratio": (mixed % 900 + 100) / 1000, "roaming": mixed % 2 == 0, "limit": None},
            "network": {"mcc": "204", "mnc": "08", "operator": "Vodafone NL", "rat": "LTE-M", "cell": mixed % 10**6},
            "device": {"imei": f"3569380{mixed % 10**8:08}", "model": "BG95-M3", "firmware": f"2.{mixed % 10}"},
            "links": [f"https://api.example.com/v1/sims/HS{number:024x}{mixed:06x}", f"/v1/accounts/{mixed % 10**8}"],
            "nested": {"a": list(range(mixed % 5)), "b": {"c": 'd\\n"quoted"'}},
            "note": NOTE[: 250 + mixed % 40],
        },
    }


def minified(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def pretty(value):
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def form(number):
    sid = f"{number * 2654435761 % (1 << 32):032x}"
    body = f"SimSid=HS{sid}&SimStatus=active&PreviousStatus=ready&AccountSid=CO{sid}&Timestamp=2024-09-25T19%3A09"
    return body[:145].encode()


def events_of(size, write):
    """As many events as fit into `size` bytes, written."""
    count = size // len(write([event(0)]))
    while True:
        value = [event(number) for number in range(count)]
        if len(write(value)) > size:
            count -= 1
        elif len(write([*value, event(count)])) <= size:
            count += 1
        else:
            return write(value), minified(value)


def filled(opening, unit, closing, size=100 * KIB):
    opening, unit, closing = opening.encode(), unit.encode(), closing.encode()
    return opening + unit * ((size - len(opening) - len(closing)) // len(unit)) + closing


def workloads():
    """Name, content type, number of secrets, pairs of body and canonical body; None where it is refused."""
    JSON, FORM = "application/json", "application/x-www-form-urlencoded"
    forms = [(form(number), form(number)) for number in range(MANY)]
    pretties = [(pretty(event(number)), minified(event(number))) for number in range(MANY)]
    minifieds = [(canonical, canonical) for _, canonical in pretties]
    yield "form", FORM, 1, forms
    yield "1k-pretty", JSON, 1, pretties
    yield "1k-minified", JSON, 1, minifieds
    for name, size in (("100k", 100 * KIB), ("1m", MIB)):
        yield f"{name}-pretty", JSON, 1, [events_of(size, pretty)]
        yield f"{name}-minified", JSON, 1, [events_of(size, minified)]
    for count in (2, 8):
        yield f"form-{count}-secrets", FORM, count, forms
        yield f"1k-pretty-{count}-secrets", JSON, count, pretties
    worst = {
        "escapes": filled('["', "\\n\\u00e9\\\"\\\\", '"]'),
        "nesting": filled("[0", "," + "[" * 63 + "]" * 63, "]"),
        "long-string": filled('["', "abcdefghij", '"]'),
        "short-tokens": filled("[1", ',2,[],{},"",true', "]"),
        "non-ascii": filled('["', "é漢字😀", '"]'),
    }
    yield "worst-white-space", JSON, 1, [(filled("[", " \t\r\n", "]"), b"[]")]
    for name, body in worst.items():
        yield f"worst-{name}", JSON, 1, [(body, body)]
    yield "worst-nul-at-the-end", JSON, 1, [(filled('["', "abcdefghij", "\0"), None)]


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content_type, count, pairs in workloads():
        secrets = SECRETS[:count]
        index = [f"{content_type} {' '.join(secrets)}"]
        for body, canonical in pairs:
            signed = f"{secrets[-1]}POST{URL}".encode() + (body if canonical is None else canonical)
            signature = hashlib.sha256(signed).hexdigest()
            index.append(f"{int(canonical is not None)} {signature} {len(signed)} {len(body)}")
        (folder / f"{name}.index").write_text("\n".join(index) + "\n")
        (folder / f"{name}.bodies").write_bytes(b"".join(body for body, _ in pairs))


main()
