"""A receiver with FastAPI. Set KOREWEBHOOK_SECRET and KOREWEBHOOK_URL (as registered with KORE), then:

uvicorn --port 8000 fastapi_app:app

One process, because the guard is this process's own.
"""

import logging
from typing import Annotated, Any

from fastapi import Depends, FastAPI

from korewebhook import ReplayGuard, Webhook
from korewebhook.starlette import KoreWebhook, Received

log = logging.getLogger("uvicorn.error")


def refused(reason: str, context: dict[str, Any]) -> None:
    """Log it; the sender only sees a status."""
    log.warning("refused: %s %s", reason, context)


app = FastAPI()
kore = KoreWebhook(Webhook.from_env(), guard=ReplayGuard(), on_reject=refused)


@app.post("/kore/", status_code=204)
async def receive(received: Annotated[Received, Depends(kore, scope="function")]) -> None:
    """Handle only what is new, within ten seconds. Raising lets KORE try again."""
    for event in received.events:
        log.warning("event %s: %s", event.id, event.type)
    form = received.delivery.form()
    if form.sim_sid is not None:
        # A callback has no id, so it may be a repeat: take it as a hint, and fetch the state from KORE's API.
        log.warning("SIM %s: %s%s", form.sim_sid, form.sim_status, " (repeat)" if received.repeat else "")
