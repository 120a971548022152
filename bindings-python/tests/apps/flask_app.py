"""Flask."""

from __future__ import annotations

from typing import Any

from apps import shared
from flask import Flask, request
from korewebhook.flask import BodyConsumedError, Received, kore_webhook

app = Flask(__name__)


@app.route("/kore/", methods=shared.METHODS)
@kore_webhook(shared.webhook, **shared.options())
def kore(received: Received) -> None:
    shared.handle(received)


@app.post("/own/<name>")
@kore_webhook(shared.webhook, **shared.options(guarded=False))
def own(received: Received, name: str) -> tuple[Any, int]:
    return {"name": name, "body": request.get_data(as_text=True), "json": request.get_json(silent=True)}, 202


@app.post("/slow/")
@kore_webhook(shared.webhook, **shared.options())
def slow(received: Received) -> None:
    shared.handle(received)
    assert shared.gate.wait(30)


@app.post("/raises/")
@kore_webhook(shared.webhook, **shared.options())
def raises(received: Received) -> None:
    if shared.fail_once(received):
        raise RuntimeError("not this time")


@app.post("/answers/")
@kore_webhook(shared.webhook, **shared.options())
def answers(received: Received) -> tuple[str, int]:
    return ("not this time", 500) if shared.fail_once(received) else ("done", 200)


@app.post("/consumed/")
def consumed() -> Any:
    request.stream.read()
    return kore_webhook(shared.webhook)(lambda received: None)()


@app.post("/parsed/")
def parsed() -> Any:
    assert request.form
    return kore_webhook(shared.webhook)(lambda received: None)()


@app.post("/kept/")
def kept() -> Any:
    assert request.get_data()
    return kore_webhook(shared.webhook)(lambda received: None)()


@app.errorhandler(BodyConsumedError)
def consumed_error(error: BodyConsumedError) -> tuple[str, int]:
    return str(error), 500


@app.get("/state")
def state() -> dict[str, Any]:
    return shared.state()


@app.get("/go")
def go() -> str:
    shared.gate.set()
    return "gone"
