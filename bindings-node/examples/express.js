// A receiver with Express. Set KOREWEBHOOK_SECRET and KOREWEBHOOK_URL (as registered with KORE), then:
//
//   PORT=8000 node express.js
//
// One process, because the guard is this process's own.

import express from 'express';
import { ReplayGuard, Webhook } from 'korewebhook';
import { koreWebhook } from 'korewebhook/express';

/** Handle only what is new, within ten seconds. Returning answers 204; throwing answers 503, and lets KORE try again. */
async function handle(received) {
  for (const event of received.events) {
    console.log(`event ${event.id}: ${event.type}`);
  }
  const form = received.delivery.form();
  if (form.simSid !== null) {
    // A callback has no id, so it may be a repeat: take it as a hint, and fetch the state from KORE's API.
    console.log(`SIM ${form.simSid}: ${form.simStatus}${received.repeat ? ' (repeat)' : ''}`);
  }
}

/** Log it; the sender only sees a status. */
function refused(reason, context) {
  console.error('refused:', reason, context);
}

const app = express();
app.post('/kore/', koreWebhook(Webhook.fromEnv(), handle, { guard: new ReplayGuard(), onReject: refused }));
app.use(express.json()); // parsers for other routes come after it

const server = app.listen(Number(process.env.PORT), '127.0.0.1', () => {
  console.log(`listening on port ${server.address().port}`);
});
server.requestTimeout = 10_000; // for a body that doesn't come
