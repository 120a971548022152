// KORE's signature by Node's own hash, so that the package is not measured by itself.

import { createHash } from 'node:crypto';

export const SECRET = 'f4d430d03cff6f03e1';
export const URL_ = 'https://hooks.example.com/kore/';
export const FORM = 'application/x-www-form-urlencoded; charset=utf-8';
export const JSON_ = 'application/json';

/** SHA-256(secret ‖ method ‖ URL ‖ canonical body), in hex. */
export const signature = (canonical, { secret = SECRET, url = URL_, method = 'POST' } = {}) =>
  createHash('sha256').update(`${secret}${method}${url}`).update(canonical).digest('hex');

/** What KORE sends with a body whose canonical form is this. */
export const headersOf = (canonical, { contentType = JSON_, token = 'RQ1', ...signed } = {}) => ({
  'Content-Type': contentType,
  Date: '2024-07-03T14:40:58Z',
  'Kore-Idempotency-Token': token,
  'Kore-Signature': signature(canonical, signed),
  'User-Agent': 'KoreProxy/1.1',
});
