/* What is the same on both engines. */
export type { Body } from './bytes.js';
export { Delivery, EndpointOnly } from './delivery.js';
export { reasons, VerificationError, type ReasonCode } from './errors.js';
export type { BadEvent, CloudEvent, ConnectionEvent, KoreEvent, Location, Network } from './events.js';
export type { Form } from './form.js';
export {
  AlreadyCommitted,
  isClaimed,
  LeaseError,
  LostLease,
  type Guard,
  type Outcome,
  type ReplayGuardOptions,
} from './guard.js';
export type { HeadersInput } from './headers.js';
export { ReplayKey } from './keys.js';
export type { Secrets } from './secrets.js';
export type { StandardDelivery } from './standard.js';
export { VERSION as version } from './tables.js';
export type { Time } from './time.js';
export type { DeliveryHeaders, Warning, WebhookOptions } from './webhook.js';
