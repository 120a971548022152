"""What is compared. Each call takes a body and a mapping of headers, and is checked before it is measured."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import korewebhook
import orjson
import standardwebhooks
import stripe
import svix.webhooks

PEER_SECRET = "whsec_" + base64.b64encode(b"a secret of the peers, 32 bytes.").decode()
PEER_ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"


def by_hand(url, secrets, canonical):
    """What KORE's documentation leads to: concatenate, hash, compare."""
    after = f"POST{url}".encode()
    before = [secret.encode() + after for secret in secrets]

    def verify(body, headers):
        body, signature = canonical(body), headers["Kore-Signature"]
        return any(hmac.compare_digest(hashlib.sha256(each + body).hexdigest(), signature) for each in before)

    def verify_one(body, headers):
        digest = hashlib.sha256(only + canonical(body)).hexdigest()
        return hmac.compare_digest(digest, headers["Kore-Signature"])

    only = before[0]
    return verify_one if len(secrets) == 1 else verify


def as_is(body):
    return body


def with_json(body):
    return json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode()


def with_orjson(body):
    return orjson.dumps(orjson.loads(body))


def hash_alone(url, secret):
    """The least that hashlib takes: a state that has the secret, method and URL already is copied."""
    prefix = hashlib.sha256(f"{secret}POST{url}".encode())

    def verify(body, headers):
        state = prefix.copy()
        state.update(body)
        return hmac.compare_digest(state.hexdigest(), headers["Kore-Signature"])

    return verify


def of_stripe():
    def verify(body, headers):
        return stripe.WebhookSignature.verify_header(body.decode(), headers["Stripe-Signature"], PEER_SECRET, 300)

    return verify


def peers_headers(headers, body):
    """The same headers and those of the peers, signed now: they take no older ones than five minutes."""
    now = datetime.now(UTC)
    seconds = int(now.timestamp())
    tag = hmac.new(PEER_SECRET.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return headers | {
        "webhook-id": PEER_ID,
        "webhook-timestamp": str(seconds),
        "webhook-signature": standardwebhooks.Webhook(PEER_SECRET).sign(PEER_ID, now, body.decode()),
        "Stripe-Signature": f"t={seconds},v1={tag}",
    }


def check(name, call, pairs, verdicts):
    for (body, headers), accepted in zip(pairs, verdicts, strict=True):
        try:
            verdict = call(body, headers) is not False
        except (korewebhook.VerificationError, ValueError):
            verdict = False
        assert verdict == accepted, name


def of(url, workload, content_type, secrets, deliveries):
    """The compared calls, each with its pairs of body and headers, by name."""
    pairs = [(body, headers) for body, headers, _, _ in deliveries]
    verdicts = [accepted for _, _, accepted, _ in deliveries]
    is_json = content_type == "application/json"
    compared = {"korewebhook": (korewebhook.Webhook(secrets, url).verify, pairs)}
    if is_json:
        compared["by hand: json + hashlib"] = (by_hand(url, secrets, with_json), pairs)
        compared["by hand: orjson + hashlib"] = (by_hand(url, secrets, with_orjson), pairs)
    else:
        compared["by hand: hashlib"] = (by_hand(url, secrets, as_is), pairs)
    for name, (call, with_headers) in compared.items():
        # What is written by hand refuses some genuine bodies: it doesn't keep escapes as they came.
        if name == "korewebhook" or not workload.startswith("worst"):
            check(name, call, with_headers, verdicts)
    refused = {name for name, (call, _) in compared.items() if not all(verdicts)}
    for name in refused:
        compared[name] = (refusing(compared[name][0]), pairs)
    if workload.startswith("worst") or len(secrets) > 1:
        return compared
    longest = max(signed_len for *_, signed_len in deliveries) * b"x"
    skip = len(f"{secrets[0]}POST{url}")
    alone = [(longest[: signed_len - skip], headers) for _, headers, _, signed_len in deliveries]
    compared["hash alone: hashlib"] = (hash_alone(url, secrets[0]), alone)
    signed = [(body, peers_headers(headers, body)) for body, headers in pairs]
    peers = {
        "stripe": of_stripe(),
        "svix": svix.webhooks.Webhook(PEER_SECRET).verify,
        "standardwebhooks": lambda body, headers: standard.verify(body, headers, json_parse=False),
    }
    standard = standardwebhooks.Webhook(PEER_SECRET)
    for name, call in peers.items():
        check(name, call, signed, verdicts)
        compared[name] = (call, signed)
    return compared


def refusing(call):
    def refused(body, headers):
        try:
            call(body, headers)
        except (korewebhook.VerificationError, ValueError):
            pass

    return refused
