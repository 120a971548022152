"""A receiver with Flask. Set KOREWEBHOOK_SECRET and KOREWEBHOOK_URL (as registered with KORE), then:

gunicorn --threads 8 --bind 127.0.0.1:8000 flask_app:app

One process, because the guard is this process's own.
"""

from typing import Any

from flask import Flask

from korewebhook import ReplayGuard, Webhook
from korewebhook.flask import Received, kore_webhook

app = Flask(__name__)
webhook = Webhook.from_env()


def refused(reason: str, context: dict[str, Any]) -> None:
    """Log it; the sender only sees a status."""
    app.logger.warning("refused: %s %s", reason, context)


@app.post("/kore/")
@kore_webhook(webhook, guard=ReplayGuard(), on_reject=refused)
def kore(received: Received) -> None:
    """Handle only what is new, within ten seconds. Returning nothing answers 204; raising lets KORE try again."""
    for event in received.events:
        app.logger.warning("event %s: %s", event.id, event.type)
    form = received.delivery.form()
    if form.sim_sid is not None:
        # A callback has no id, so it may be a repeat: take it as a hint, and fetch the state from KORE's API.
        app.logger.warning("SIM %s: %s%s", form.sim_sid, form.sim_status, " (repeat)" if received.repeat else "")
