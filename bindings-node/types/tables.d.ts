export declare const VERSION = "0.1.0";
export declare const MAX_SECRETS = 8;
/** The calls of the engine. */
export declare const CALL: {
    readonly OpenEndpoint: 0;
    readonly OpenStandard: 1;
    readonly OpenGuard: 2;
    readonly Verify: 3;
    readonly Minify: 4;
    readonly RefuseUnread: 5;
    readonly Sign: 6;
    readonly Headers: 7;
    readonly Key: 8;
    readonly ReplayKeys: 9;
    readonly Events: 10;
    readonly Members: 11;
    readonly Fields: 12;
    readonly Tag: 13;
    readonly Claim: 14;
    readonly Commit: 15;
    readonly Release: 16;
    readonly Renew: 17;
    readonly GuardLen: 18;
    readonly VerifyStandard: 19;
    readonly SignStandard: 20;
    readonly VerifyBearer: 21;
    readonly SignedUrl: 22;
    readonly ParseDate: 23;
    readonly ParseTime: 24;
    readonly Describe: 25;
    readonly Unsigned: 26;
};
/** The header fields that somebody asks for, by their numbers. */
export declare const FIELDS: readonly ["kore-signature", "content-type", "content-encoding", "kore-idempotency-token", "date", "webhook-id", "webhook-timestamp", "webhook-signature", "authorization"];
/** Texts that the engine knows by their numbers, with `USUAL` added. */
export declare const TEXTS: readonly ["POST", "application/json", "application/x-www-form-urlencoded; charset=utf-8"];
export declare const USUAL = 2147483648;
/** What a verdict is made of: see the engine's `verify`. */
export declare const SECRETS = 8;
export declare const GET = 2;
/** What is signed and how. */
export type Scheme = "kore-sha256" | "hmac-sha256";
/** Every reason: number, name, what to do, what to answer to the sender. */
export declare const REASONS: readonly [readonly [11, "secret-empty", "A secret is empty, or none was given; set the secret that KORE showed when it was created.", 401], readonly [12, "secret-whitespace", "The secret begins or ends with white space, usually a line break from a file; remove it, or use the raw constructor if it really belongs there.", 401], readonly [13, "secret-nul", "The secret contains a NUL byte; pass the secret as text, with its exact length.", 401], readonly [14, "secret-too-long", "The secret is longer than the capacity (128 bytes unless set otherwise; 64 for Standard Webhooks); check that it is the secret and not a file of something else.", 401], readonly [15, "secret-too-short", "A Standard Webhooks secret holds 24 to 64 bytes; create a longer one.", 401], readonly [16, "secret-format", "The secret has the wrong form: Standard Webhooks wants whsec_ and standard base64, a bearer token the characters of RFC 6750; copy it again.", 401], readonly [17, "too-many-secrets", "At most 8 secrets can be active at once; remove the ones that no longer sign.", 401], readonly [18, "url-invalid", "The callback URL can't be one that KORE calls; configure the absolute http(s) URL exactly as it was registered.", 401], readonly [19, "url-prefix-conflict", "One callback URL is a prefix of another, so their signatures are interchangeable; give each endpoint a path of its own that ends in a slash.", 401], readonly [21, "method-unsupported", "The method is not POST (or GET, where allowed), in upper case; register a POST callback.", 401], readonly [22, "get-disabled", "A GET signature covers none of the event's data; switch the callback to POST, or opt in to GET and treat it as a hint only.", 401], readonly [23, "signature-missing", "There is no signature header; check that the proxy in front passes it on and that the sender has a secret.", 401], readonly [24, "signature-duplicate", "The kore-signature header occurs more than once; find the hop that adds one.", 401], readonly [25, "signature-empty", "The kore-signature header is empty: the account has no active secret; create and activate one.", 401], readonly [26, "signature-format", "The kore-signature header is not 64 lower-case hexadecimal digits; find the hop that rewrites it.", 401], readonly [27, "signature-too-many", "The webhook-signature header is over 8 KiB or lists more than 16 signatures; the sender must send fewer.", 401], readonly [28, "header-duplicate", "A Standard Webhooks header occurs more than once; find the hop that adds one.", 401], readonly [29, "id-missing", "The webhook-id header is missing; the sender must set it.", 401], readonly [30, "id-format", "The webhook-id header is not 1 to 256 visible ASCII characters without a dot; the sender must use such ids.", 401], readonly [31, "timestamp-format", "The webhook-timestamp header is missing or not a decimal number of seconds since 1970; the sender must set it.", 401], readonly [32, "timestamp-too-old", "The webhook-timestamp is older than the tolerance; check the clocks, or treat the message as a replay.", 401], readonly [33, "timestamp-too-new", "The webhook-timestamp is further in the future than the tolerance; check the clocks.", 401], readonly [34, "content-type", "There must be exactly one content-type header: application/json, application/*+json or application/x-www-form-urlencoded; configure the format if the sender sends none.", 401], readonly [35, "charset", "The charset parameter must be absent or utf-8; the sender must send UTF-8.", 401], readonly [36, "content-encoding", "The body is compressed; the signature covers other bytes: make the hop that compresses it stop, or pass the decoded body without that header.", 401], readonly [37, "bearer-missing", "There is no authorization header; the caller must send Authorization: Bearer and the token.", 401], readonly [38, "bearer-duplicate", "The authorization header occurs more than once; find the hop that adds one.", 401], readonly [39, "bearer-format", "The authorization header is not Bearer, a space and a token in the characters of RFC 6750, at most 8 KiB; correct the caller.", 401], readonly [40, "bearer-mismatch", "The bearer token is not the configured one; compare both ends.", 401], readonly [41, "date-format", "The time is not written as expected: 2024-07-03T14:40:58Z in a date header, RFC 3339 in an event; find the hop that rewrites it.", 401], readonly [42, "date-range", "The time does not exist or lies outside of the years 1970 to 9999; the sender must send a real one.", 401], readonly [43, "head-malformed", "The bytes do not begin with a complete HTTP/1 request head of at most 64 header fields; capture the request as it came over the wire.", 401], readonly [51, "body-too-large", "The body is larger than the bound (1 MiB unless set otherwise); raise max_body if such deliveries are expected.", 413], readonly [52, "empty-body", "The POST has no body, so its signature is a constant of the endpoint; opt in only if the product really sends empty bodies.", 401], readonly [53, "body-on-get", "A GET delivery must not have a body; register a POST callback for deliveries that carry data.", 401], readonly [54, "nul-in-body", "The body contains a NUL byte, as every length-extended forgery does and no form or JSON body may; treat it as an attack.", 401], readonly [55, "json-malformed", "The body is not JSON as RFC 8259 defines it, in UTF-8; check that the raw body arrives unchanged.", 401], readonly [56, "json-too-deep", "The JSON nests deeper than the bound, 64 levels unless set lower; raise max_depth if it was, or have the sender nest less.", 401], readonly [57, "json-top-level", "The JSON body is a bare scalar; the sender must wrap it in an object or an array, which keep body and URL apart.", 401], readonly [58, "content-type-confusion", "The body is declared as a form but begins like JSON; the unsigned content type was changed on the way: find that hop, or treat it as an attack.", 401], readonly [59, "form-control-character", "The form body contains a raw control character, which no form encoder writes; the sender must percent-encode it.", 401], readonly [60, "form-not-utf8", "The form body contains bytes that are not UTF-8; the sender must percent-encode them.", 401], readonly [61, "form-first-key", "The first field name has a character that no form encoder leaves raw, as when a part of a longer URL was moved into the body; treat it as an attack.", 401], readonly [71, "signature-mismatch", "The signature fits none of the secrets; compare secret and callback URL with what is registered, and check that the body arrives byte for byte.", 401], readonly [81, "invalid-argument", "An argument is outside of what the function accepts; its documentation gives the limits.", 401], readonly [82, "buffer-too-small", "The output buffer is too small and was left unchanged; call again with a larger one.", 401], readonly [83, "finished", "The streaming state was never started, has finished or has failed; start a new one.", 401], readonly [84, "hash-backend", "The SHA-256 backend reported a failure, so nothing was decided; check the hardware or its driver.", 503]];
/** What a guard may say: name, what to answer to the sender, whether the caller holds a claim. */
export declare const OUTCOMES: readonly [readonly ["new", 204, true], readonly ["duplicate", 204, false], readonly ["repeat-body", 204, true], readonly ["conflict", 204, false], readonly ["in-progress", 503, false], readonly ["stale", 401, false], readonly ["store-error", 503, false]];
export declare const LEASE_ERRORS: readonly ["lost-lease", "already-committed"];
