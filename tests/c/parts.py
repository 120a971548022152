"""The lists of the shared vectors that are no whole requests, as C tables: `cases.py --parts`."""

from __future__ import annotations

import json
from typing import Any

from cases import REASONS, VECTORS, Table, load, stripped, text

DETAILS: dict[str, int] = json.loads((VECTORS / "details.json").read_text())
OUTCOMES = {"new": 1, "duplicate": 2, "repeat-body": 3, "conflict": 4, "in-progress": 5, "stale": 6}
LEASES = {"ok": 0, "lost-lease": 91, "already-committed": 92}
EPOCH_MS = 1_727_291_388_000


def number(reason: str) -> int:
    return 0 if reason == "ok" else REASONS[reason]


def rows(kind: str, name: str, made: list[str]) -> None:
    print(f"static const {kind} {name}[] = {{\n" + ",\n".join(f"{{{row}}}" for row in made) + "\n};")
    print(f"static const size_t {name}_len = {len(made)};")


def headers(name: str, at: int, case: dict[str, Any], table: Table) -> str:
    pairs = [(table.bytes(n.encode()), table.bytes(v.encode())) for n, v in case["headers"]]
    inner = ", ".join(f"{{{n}, {v}}}" for n, v in pairs) or "{{0, 0}, {0, 0}}"
    print(f"static const korewebhook_header {name}_{at}_headers[] = {{{inner}}};")
    return f"{name}_{at}_headers, {len(pairs)}"


def given(case: dict[str, Any]) -> bytes:
    return bytes.fromhex(case["input_hex"]) if "input_hex" in case else case["input"].encode()


def simple(table: Table) -> None:
    made = []
    for case in load("dates"):
        value = 0 if case["expect"] == "error" else case["expect"]
        made.append(f"{text(case['name'])}, {table.bytes(given(case))}, {value}u, {number(case.get('code', 'ok'))}")
    rows("date_case", "dates", made)

    made = [
        f"{text(case['name'])}, {table.bytes(given(case))}, {int(case['expect'] == 'ok')}"
        for case in load("tokens")
    ]
    rows("token_case", "tokens", made)

    made = []
    for case in load("url_canonicalization"):
        signed = b"" if case["expect"] == "error" else case["expect"].encode()
        detail = DETAILS[case["code"]] if "code" in case else 0
        made.append(f"{text(case['name'])}, {table.bytes(given(case))}, {table.bytes(signed)}, {detail}")
    rows("text_case", "urls", made)

    made = []
    for case in load("json_canonicalization"):
        detail = DETAILS[case["code"]] if "code" in case else 0
        canonical = b"" if detail else bytes.fromhex(case["expect"])
        source = table.bytes(bytes.fromhex(case["input"]))
        made.append(f"{text(case['name'])}, {source}, {table.bytes(canonical)}, {detail}")
    rows("text_case", "texts", made)

    made = []
    for at, case in enumerate(load("url_sets")):
        urls = ", ".join(table.bytes(url.encode()) for url in case["urls"])
        print(f"static const korewebhook_bytes set_{at}[] = {{{urls}}};")
        made.append(f"{text(case['name'])}, set_{at}, {len(case['urls'])}, {int(case['expect'] == 'conflict')}")
    rows("set_case", "sets", made)

    rows("name_case", "reasons", [f"{text(name)}, {value}" for name, value in REASONS.items()])
    rows("name_case", "details", [f"{text(name)}, {value}" for name, value in DETAILS.items()])


def schemes(table: Table) -> None:
    made = []
    for at, case in enumerate(load("standard_webhooks")):
        fields, body = headers("standard", at, case, table), bytes.fromhex(case["body"])
        secret = table.bytes(case["secret"].encode())
        made.append(
            f"{text(case['name'])}, {secret}, {case['now']}000u, {case['tolerance']}000u, {fields}, "
            f"{table.bytes(body)}, {number(case['reason'])}"
        )
    rows("standard_case", "standard", made)

    made = []
    for case in load("standard_webhooks_published"):
        parts = [case["secret"], case["id"], case["body"], case["signature"]]
        made.append(", ".join(table.bytes(part.encode()) for part in parts) + f", {case['timestamp']}u")
    rows("published_case", "published", made)

    made = []
    for at, case in enumerate(load("bearer")):
        fields, token = headers("bearer", at, case, table), table.bytes(case["token"].encode())
        made.append(f"{text(case['name'])}, {token}, {fields}, {number(case['reason'])}")
    rows("bearer_case", "bearer", made)


def keys(table: Table) -> None:
    made = []
    for at, case in enumerate(load("keys")):
        is_json, body = case["format"] == "json", case["body"].encode()
        replay = ", ".join(
            f"{{{table.bytes(bytes.fromhex(key['key']))}, {int(key['content'] is not None)}, "
            f"{int(key['time_ms'] is not None)}, {key['time_ms'] or 0}u}}"
            for key in case["replay"]
        )
        print(f"static const key_row keys_{at}[] = {{{replay}}};")
        made.append(
            f"{text(case['name'])}, {1 if is_json else 2}, {table.bytes(body)}, "
            f"{table.bytes(stripped(body) if is_json else body)}, {table.bytes(bytes.fromhex(case['delivery']))}, "
            f"keys_{at}, {len(case['replay'])}"
        )
    rows("keys_case", "keys", made)


def replays(table: Table) -> None:
    made = []
    for at, case in enumerate(load("replay_sequences")):
        steps = []
        for step in case["steps"]:
            now = f"{EPOCH_MS + step['t'] * 1000}u"
            if "op" in step:
                op = {"release": "STEP_RELEASE", "commit": "STEP_COMMIT"}[step["op"]]
                steps.append(
                    f"{{{op}, {step['owner_of_step']}, {{0, 0}}, 0, {{0, 0}}, {{0, 0}}, {now}, HANDLER_NONE, "
                    f"{LEASES[step['outcome']]}}}"
                )
                continue
            body = bytes.fromhex(step["body"])
            url = step.get("url", "https://hooks.example.com/kore/").encode()
            handler = {"ok": "HANDLER_OK", "error": "HANDLER_ERROR"}.get(step.get("handler"), "HANDLER_NONE")
            steps.append(
                f"{{STEP_CLAIM, {len(steps)}, {table.bytes(body)}, {1 if body[:1] in (b'{', b'[') else 2}, "
                f"{table.bytes(step['token'].encode())}, {table.bytes(url)}, {now}, {handler}, "
                f"{OUTCOMES[step['outcome']]}}}"
            )
        print(f"static const replay_step replay_{at}[] = {{\n" + ",\n".join(steps) + "\n};")
        made.append(f"{text(case['name'])}, {case.get('lease', 12)}000u, replay_{at}, {len(steps)}")
    rows("replay_case", "replays", made)


def write(table: Table) -> None:
    for part in (simple, schemes, keys, replays):
        part(table)
