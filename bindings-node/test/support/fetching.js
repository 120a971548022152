// Deliveries to a Fetch handler, for runtimes that have no test runner: it takes the package and what asks the handler, needs
// nothing else, and gives what was answered and handled. Signed with the runtime's own SHA-256.

const SECRET = 'f4d430d03cff6f03e1';
const URL_ = 'https://hooks.example.com/kore/';

/** What `deliver` has to give, everywhere. */
export const EXPECTED = {
  statuses: [204, 204, 401, 401, 503, 204, 413, 413, 204],
  handled: ['e1', 'e2', 'e2', 'e3'],
  counts: { 'accepted': 4, 'duplicate': 1, 'signature-mismatch': 1, 'signature-missing': 1, 'handler-failed': 1, 'body-too-large': 2 },
};

/** `ask` takes a handler, and gives what sends it requests: by HTTP, or by a call. */
export async function deliver({ ReplayGuard, Webhook }, { Counters, koreWebhook }, ask) {
  const counters = new Counters();
  const handled = [];
  const kore = koreWebhook(
    new Webhook(SECRET, URL_, { maxBody: 2000 }),
    async ({ events: [event] }) => {
      await Promise.resolve();
      const first = !handled.includes(event.id);
      handled.push(event.id);
      if (event.id === 'e2' && first) {
        throw new Error('not this time');
      }
    },
    { guard: new ReplayGuard(), counters, onReject: () => Promise.reject(new Error('changes nothing')) },
  );
  const statuses = [];
  const post = async (body, changes = {}) => {
    const message = new TextEncoder().encode(`${SECRET}POST${URL_}${body}`);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', message));
    const signature = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const headers = { 'content-type': 'application/json', 'kore-idempotency-token': 'RQ1', 'kore-signature': signature, ...changes };
    if (headers['kore-signature'] === undefined) {
      delete headers['kore-signature'];
    }
    // As a stream too, which has no length that is known before.
    const sent = changes.streamed ? new Blob([body]).stream() : body;
    const response = await asked(new Request('http://127.0.0.1/', { method: 'POST', headers, body: sent, duplex: 'half' }));
    const text = await response.text();
    statuses.push(text === '' ? response.status : text);
  };
  const asked = await ask(kore);
  const event = (id) => `{"id":"${id}","source":"kore-events","type":"test"}`;
  await post(event('e1'));
  await post(event('e1'));
  await post(event('e3'), { 'kore-signature': '0'.repeat(64) });
  await post(event('e3'), { 'kore-signature': undefined });
  await post(event('e2'));
  await post(event('e2'));
  await post(`["${'x'.repeat(3000)}"]`);
  await post(`["${'x'.repeat(3000)}"]`, { streamed: 'yes' });
  await post(event('e3'), { streamed: 'yes' });
  return { statuses, handled, counts: counters.snapshot() };
}
