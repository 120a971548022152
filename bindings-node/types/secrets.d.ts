/** A secret, or several of them around a rotation. */
export type Secrets = string | Uint8Array | Iterable<string | Uint8Array>;
/** The secrets, one by one, read before anything is put together. Of endless ones, one more than is allowed. */
export declare function readSecrets(value: unknown, what: string): (string | Uint8Array)[];
export declare function putSecrets(secrets: readonly (string | Uint8Array)[]): void;
