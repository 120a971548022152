/* The way of a request: strip what a client must not say, read the body, go on or answer. */

#include "ngx_http_korewebhook.h"

static ngx_int_t ngx_http_korewebhook_begin(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx);
static void ngx_http_korewebhook_body_handler(ngx_http_request_t *r);

/* A request that goes away takes its stream along, and what is secret in its storage is wiped. */
static void
ngx_http_korewebhook_cleanup(void *data)
{
    ngx_http_korewebhook_ctx_t  *ctx = data;

    if (ctx->stream) {
        (void) korewebhook_stream_abort(ctx->stream);
        ctx->stream = NULL;
    }
}

/* An internal redirect forgets contexts. A verdict must outlive it, so it is found by its cleanup. */
ngx_http_korewebhook_ctx_t *
ngx_http_korewebhook_get_ctx(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t          *cln;
    ngx_http_korewebhook_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r->main, ngx_http_korewebhook_module);

    if (ctx == NULL && (r->main->internal || r->main->filter_finalize)) {

        for (cln = r->main->pool->cleanup; cln; cln = cln->next) {
            if (cln->handler == ngx_http_korewebhook_cleanup) {
                ctx = cln->data;
                ngx_http_set_ctx(r->main, ctx, ngx_http_korewebhook_module);
                break;
            }
        }
    }

    return ctx;
}

static ngx_http_korewebhook_ctx_t *
ngx_http_korewebhook_create_ctx(ngx_http_request_t *r, ngx_http_korewebhook_loc_conf_t *conf)
{
    ngx_pool_cleanup_t          *cln;
    ngx_http_korewebhook_ctx_t  *ctx;

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_http_korewebhook_ctx_t));
    if (cln == NULL) {
        return NULL;
    }

    ctx = cln->data;
    ngx_memzero(ctx, sizeof(ngx_http_korewebhook_ctx_t));

    ctx->conf = conf;
    ctx->status = NGX_DONE;
    cln->handler = ngx_http_korewebhook_cleanup;

    ngx_http_set_ctx(r, ctx, ngx_http_korewebhook_module);

    return ctx;
}

ngx_int_t
ngx_http_korewebhook_strip_handler(ngx_http_request_t *r)
{
    ngx_http_korewebhook_loc_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_http_korewebhook_module);

    /* After a verdict they are ours. */
    if (conf->url.len == 0 || r != r->main || ngx_http_korewebhook_get_ctx(r)) {
        return NGX_DECLINED;
    }

    if (ngx_http_korewebhook_strip_headers(r) != NGX_OK) {
        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }

    return NGX_DECLINED;
}

/* Whether a verdict that fell under one configuration holds under the other: what is inherited is shared. */
static ngx_int_t
ngx_http_korewebhook_holds(ngx_http_korewebhook_loc_conf_t *a, ngx_http_korewebhook_loc_conf_t *b)
{
    return a->url.data == b->url.data && a->secrets == b->secrets && a->scheme == b->scheme;
}

ngx_int_t
ngx_http_korewebhook_verify_handler(ngx_http_request_t *r)
{
    ngx_http_korewebhook_ctx_t       *ctx;
    ngx_http_korewebhook_loc_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_http_korewebhook_module);

    if (conf->url.len == 0) {
        return NGX_DECLINED;
    }

    ctx = ngx_http_korewebhook_get_ctx(r);

    if (ctx && ctx->status != NGX_DONE
        && (ctx->status != NGX_DECLINED || ngx_http_korewebhook_holds(ctx->conf, conf)))
    {
        return ctx->status;
    }

    if (ctx || r != r->main || r->request_body || r->discard_body) {

        /* A redirect or a subrequest from a location where the body was used in another way. */

        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0, "korewebhook: \"%V\" can't be verified: the request comes "
                      "from another location, which has dealt with its body", &conf->url);
        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }

    ctx = ngx_http_korewebhook_create_ctx(r, conf);
    if (ctx == NULL) {
        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }

    return ngx_http_korewebhook_begin(r, ctx);
}

static ngx_int_t
ngx_http_korewebhook_begin(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx)
{
    u_char                *storage;
    size_t                 size;
    int32_t                number;
    ngx_int_t              rc;
    korewebhook_head       head;
    korewebhook_verifier  *verifier;

    verifier = &ctx->conf->verifier;

    if (ngx_http_korewebhook_read_head(r, &head) != NGX_OK) {
        return ngx_http_korewebhook_trouble(r, ctx, "the head can't be read");
    }

    /* What is announced as too large is not read. */
    if (r->headers_in.content_length_n > 0 && (uint64_t) r->headers_in.content_length_n > ctx->conf->max_body) {
        return ngx_http_korewebhook_refuse(r, ctx, korewebhook_refuse_unread(verifier, &head));
    }

    /* Nor is what the head alone condemns. */
    if (ctx->conf->on_refusal == NGX_HTTP_KOREWEBHOOK_REJECT) {
        number = korewebhook_check_head(verifier, &head);
        if (number != KOREWEBHOOK_OK) {
            return ngx_http_korewebhook_refuse(r, ctx, number);
        }
    }

    size = korewebhook_storage_size(verifier, 1);

    /* A pool aligns to the size of a word, which may be less. */
    storage = ngx_palloc(r->pool, size + KOREWEBHOOK_STORAGE_ALIGN - 1);
    if (storage == NULL) {
        return ngx_http_korewebhook_trouble(r, ctx, "no memory");
    }

    storage = ngx_align_ptr(storage, KOREWEBHOOK_STORAGE_ALIGN);

    number = korewebhook_stream_start(verifier, &head, KOREWEBHOOK_WITH_KEY, storage, size, &ctx->stream);
    if (number != KOREWEBHOOK_OK) {
        return ngx_http_korewebhook_trouble(r, ctx, korewebhook_error_name(number));
    }

    rc = ngx_http_read_client_request_body(r, ngx_http_korewebhook_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    ngx_http_finalize_request(r, NGX_DONE);

    return NGX_DONE;
}

/* The body is there: give the verdict, and go on with the phases, which come to the verify handler again. */
static void
ngx_http_korewebhook_body_handler(ngx_http_request_t *r)
{
    ngx_http_korewebhook_ctx_t  *ctx;

    ctx = ngx_http_korewebhook_get_ctx(r);
    ctx->status = ngx_http_korewebhook_finish(r, ctx);

    r->preserve_body = 1;
    r->write_event_handler = ngx_http_core_run_phases;

    ngx_http_core_run_phases(r);
}
