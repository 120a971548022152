/* What every adapter gives beside its function. */
export { BodyConsumedError, type ReceiveOptions } from './receive.js';
export { Received } from './received.js';
export { Counters, type OnReject, type RejectContext, type RejectReason } from './report.js';
