/* The verdict: what it does to the request, what is answered, what is logged. */

#include "ngx_http_korewebhook.h"

static ngx_int_t ngx_http_korewebhook_accept(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx);
static ngx_int_t ngx_http_korewebhook_pass(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, int32_t number);

/* From here on it is the gateway, not the delivery. */
static ngx_int_t
ngx_http_korewebhook_is_trouble(int32_t number)
{
    return number >= KOREWEBHOOK_ERROR_INVALID_ARGUMENT;
}

ngx_int_t
ngx_http_korewebhook_finish(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx)
{
    int32_t              number;
    korewebhook_stream  *stream;

    stream = ctx->stream;
    ctx->stream = NULL;

    number = korewebhook_stream_finish(stream, &ctx->receipt);

    if (number == KOREWEBHOOK_OK) {
        return ngx_http_korewebhook_accept(r, ctx);
    }

    if (ctx->conf->on_refusal == NGX_HTTP_KOREWEBHOOK_PASS && !ngx_http_korewebhook_is_trouble(number)) {
        return ngx_http_korewebhook_pass(r, ctx, number);
    }

    return ngx_http_korewebhook_refuse(r, ctx, number);
}

static ngx_int_t
ngx_http_korewebhook_set_header(ngx_http_request_t *r, const char *name, const char *value)
{
    ngx_str_t  text;

    text.data = (u_char *) value;
    text.len = ngx_strlen(value);

    return ngx_http_korewebhook_add_header(r, name, &text);
}

static ngx_int_t
ngx_http_korewebhook_accept(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx)
{
    ngx_str_t  key, secret, scheme;

    if (ctx->conf->on_refusal == NGX_HTTP_KOREWEBHOOK_REJECT) {

        if (ctx->canonical_len != ctx->receipt.canonical_len) {
            return ngx_http_korewebhook_trouble(r, ctx, "bytes of the body are missing");
        }

        if (ngx_http_korewebhook_set_length(r, ctx->canonical_len) != NGX_OK) {
            return ngx_http_korewebhook_trouble(r, ctx, "no memory");
        }
    }

    scheme = ngx_http_korewebhook_scheme_name(ctx->conf);

    if (ngx_http_korewebhook_key_text(r, ctx, &key) != NGX_OK
        || ngx_http_korewebhook_secret_text(r, ctx, &secret) != NGX_OK
        || ngx_http_korewebhook_set_header(r, "X-Korewebhook-Verdict", "accepted") != NGX_OK
        || ngx_http_korewebhook_add_header(r, "X-Korewebhook-Scheme", &scheme) != NGX_OK
        || ngx_http_korewebhook_add_header(r, "X-Korewebhook-Secret-Index", &secret) != NGX_OK
        || ngx_http_korewebhook_add_header(r, "X-Korewebhook-Key", &key) != NGX_OK)
    {
        return ngx_http_korewebhook_trouble(r, ctx, "no memory");
    }

    if (ctx->conf->resign_url.len && ngx_http_korewebhook_sign_again(r, ctx) != NGX_OK) {
        return ngx_http_korewebhook_trouble(r, ctx, "it can't be signed again");
    }

    ctx->verdict = "accepted";
    ctx->reason = korewebhook_error_name(KOREWEBHOOK_OK);

    ngx_log_error(NGX_LOG_INFO, r->connection->log, 0, "korewebhook: accepted, key %V, secret %V", &key, &secret);

    return NGX_DECLINED;
}

/* A body that is refused goes nowhere, not even to where error_page leads. */
static void
ngx_http_korewebhook_drop_body(ngx_http_request_t *r)
{
    if (r->request_body) {
        r->request_body->bufs = NULL;
        (void) ngx_http_korewebhook_set_length(r, 0);
    }
}

static void
ngx_http_korewebhook_note(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, int32_t number)
{
    ctx->verdict = "refused";
    ctx->reason = korewebhook_error_name(number);

    ngx_log_error(ctx->conf->log_level, r->connection->log, 0, "korewebhook: refused: %s", ctx->reason);
}

/* The sender gets a status and no reason. */
ngx_int_t
ngx_http_korewebhook_refuse(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, int32_t number)
{
    if (ngx_http_korewebhook_is_trouble(number)) {
        return ngx_http_korewebhook_trouble(r, ctx, korewebhook_error_name(number));
    }

    ngx_http_korewebhook_note(r, ctx, number);
    ngx_http_korewebhook_drop_body(r);

    ctx->status = korewebhook_http_status(number);

    return ctx->status;
}

/* The mode for watching: nothing is held back, and the upstream is told. What is refused is never signed again. */
static ngx_int_t
ngx_http_korewebhook_pass(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, int32_t number)
{
    ngx_http_korewebhook_note(r, ctx, number);

    if (ngx_http_korewebhook_set_header(r, "X-Korewebhook-Verdict", ctx->verdict) != NGX_OK
        || ngx_http_korewebhook_set_header(r, "X-Korewebhook-Reason", ctx->reason) != NGX_OK)
    {
        return ngx_http_korewebhook_trouble(r, ctx, "no memory");
    }

    if (ctx->conf->resign_url.len && ngx_http_korewebhook_remove_header(r, "kore-signature") != NGX_OK) {
        return ngx_http_korewebhook_trouble(r, ctx, "no memory");
    }

    return NGX_DECLINED;
}

/* Nothing was decided: the sender is asked to come again. */
ngx_int_t
ngx_http_korewebhook_trouble(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, const char *what)
{
    ctx->verdict = "trouble";
    ctx->reason = "gateway";

    ngx_log_error(NGX_LOG_CRIT, r->connection->log, 0, "korewebhook: trouble: %s", what);

    ngx_http_korewebhook_drop_body(r);
    ctx->status = NGX_HTTP_SERVICE_UNAVAILABLE;

    return NGX_HTTP_SERVICE_UNAVAILABLE;
}
