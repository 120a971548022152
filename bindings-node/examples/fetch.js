// A receiver as a handler of the Fetch API: for Deno, Bun and other runtimes that call the `fetch` of a module's default export,
// without a line that belongs to one of them. Set KOREWEBHOOK_SECRET and KOREWEBHOOK_URL (as registered with KORE), then:
//
//   deno serve --allow-env --port 8000 fetch.js
//   bun run --port 8000 fetch.js
//   PORT=8000 node fetch-on-node.js
//
// One process, because the guard is this process's own.

import { ReplayGuard, Webhook } from 'korewebhook';
import { koreWebhook } from 'korewebhook/fetch';

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

const kore = koreWebhook(Webhook.fromEnv(), handle, { guard: new ReplayGuard(), onReject: refused });

export default {
  fetch(request) {
    return new URL(request.url).pathname === '/kore/' ? kore(request) : new Response(null, { status: 404 });
  },
};
