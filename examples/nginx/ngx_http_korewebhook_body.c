/*
 * The body, while it is read.
 *
 * A request body filter sees every piece once, as it comes, before nginx keeps it in memory or in a temporary file. So
 * what nginx holds back until the verdict are the canonical bytes already, a body is never written twice or read back,
 * and the bound holds while reading. Nothing goes to the upstream before: the body is read to its end in the
 * precontent phase, whatever proxy_request_buffering says.
 */

#include "ngx_http_korewebhook.h"

static ngx_int_t ngx_http_korewebhook_body_filter(ngx_http_request_t *r, ngx_chain_t *in);

static ngx_http_request_body_filter_pt  ngx_http_next_request_body_filter;

void
ngx_http_korewebhook_init_body_filter(void)
{
    ngx_http_next_request_body_filter = ngx_http_top_request_body_filter;
    ngx_http_top_request_body_filter = ngx_http_korewebhook_body_filter;
}

/* What is left of a body that wasn't read to its end must not be taken for the next request. */
static ngx_int_t
ngx_http_korewebhook_break_off(ngx_http_request_t *r, ngx_int_t status)
{
    r->keepalive = 0;
    r->lingering_close = 1;

    return status;
}

static ngx_int_t
ngx_http_korewebhook_update_failed(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, int32_t number)
{
    (void) korewebhook_stream_abort(ctx->stream);
    ctx->stream = NULL;

    return ngx_http_korewebhook_break_off(r, ngx_http_korewebhook_refuse(r, ctx, number));
}

/*
 * Room for as many bytes as come in. nginx writes what it holds to a file whenever its own buffer is full, which is no
 * larger than a block, so the last of two or three blocks serves to the end of any body.
 */
static ngx_int_t
ngx_http_korewebhook_make_room(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, size_t size)
{
    off_t                      want;
    ngx_http_core_loc_conf_t  *clcf;

    if ((size_t) (ctx->end - ctx->last) >= size) {
        return NGX_OK;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    want = clcf->client_body_buffer_size;

    if (!r->headers_in.chunked && r->headers_in.content_length_n < want) {
        want = r->headers_in.content_length_n;
    }

    if ((off_t) size < want) {
        size = want;
    }

    ctx->block = ngx_pnalloc(r->pool, size);
    if (ctx->block == NULL) {
        return NGX_ERROR;
    }

    ctx->last = ctx->block;
    ctx->end = ctx->block + size;

    return NGX_OK;
}

/* The canonical bytes of a piece, as a buffer of our own; there may be none. */
static ngx_int_t
ngx_http_korewebhook_canonicalize(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, ngx_buf_t *piece,
    ngx_chain_t ***link)
{
    size_t        size, len;
    int32_t       number;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    size = piece->last - piece->pos;

    if (ngx_http_korewebhook_make_room(r, ctx, size) != NGX_OK) {
        return ngx_http_korewebhook_break_off(r, ngx_http_korewebhook_trouble(r, ctx, "no memory"));
    }

    number = korewebhook_stream_update_into(ctx->stream, piece->pos, size, ctx->last, ctx->end - ctx->last, &len);

    if (number != KOREWEBHOOK_OK) {
        return ngx_http_korewebhook_update_failed(r, ctx, number);
    }

    if (len == 0) {
        return NGX_OK;
    }

    cl = ngx_chain_get_free_buf(r->pool, &ctx->free);
    if (cl == NULL) {
        return ngx_http_korewebhook_break_off(r, ngx_http_korewebhook_trouble(r, ctx, "no memory"));
    }

    b = cl->buf;
    ngx_memzero(b, sizeof(ngx_buf_t));

    b->temporary = 1;
    b->tag = (ngx_buf_tag_t) &ngx_http_korewebhook_module;
    b->start = ctx->last;
    b->pos = ctx->last;
    b->last = ctx->last + len;
    b->end = b->last;
    b->flush = piece->flush;

    ctx->last += len;
    ctx->canonical_len += len;

    **link = cl;
    *link = &cl->next;

    return NGX_OK;
}

/* The mark of the body's end, which has no bytes. */
static ngx_int_t
ngx_http_korewebhook_end(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, ngx_chain_t ***link)
{
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    b = ngx_calloc_buf(r->pool);
    cl = ngx_alloc_chain_link(r->pool);

    if (b == NULL || cl == NULL) {
        return ngx_http_korewebhook_break_off(r, ngx_http_korewebhook_trouble(r, ctx, "no memory"));
    }

    b->last_buf = 1;
    cl->buf = b;

    **link = cl;
    *link = &cl->next;

    /* Without a stream the request was refused unread, and what error_page leads to wants the body: it gets none. */
    if (ctx->stream == NULL && ngx_http_korewebhook_set_length(r, 0) != NGX_OK) {
        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }

    return NGX_OK;
}

/* Where refusals are passed on, the body is too, as it comes: a refused one has no canonical form. */
static ngx_int_t
ngx_http_korewebhook_watch(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, ngx_chain_t *in)
{
    int32_t       number;
    ngx_chain_t  *cl;

    for (cl = in; cl; cl = cl->next) {

        number = korewebhook_stream_update(ctx->stream, cl->buf->pos, cl->buf->last - cl->buf->pos);

        if (number != KOREWEBHOOK_OK) {
            return ngx_http_korewebhook_update_failed(r, ctx, number);
        }
    }

    return ngx_http_next_request_body_filter(r, in);
}

static ngx_int_t
ngx_http_korewebhook_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_int_t                    rc;
    ngx_chain_t                 *cl, *out, **link;
    ngx_http_korewebhook_ctx_t  *ctx;

    ctx = ngx_http_korewebhook_get_ctx(r);

    if (ctx == NULL) {
        return ngx_http_next_request_body_filter(r, in);
    }

    if (ctx->stream && ctx->conf->on_refusal == NGX_HTTP_KOREWEBHOOK_PASS) {
        return ngx_http_korewebhook_watch(r, ctx, in);
    }

    out = NULL;
    link = &out;
    rc = NGX_OK;

    for (cl = in; cl && rc == NGX_OK; cl = cl->next) {

        if (ctx->stream && cl->buf->pos != cl->buf->last) {
            rc = ngx_http_korewebhook_canonicalize(r, ctx, cl->buf, &link);
        }

        if (rc == NGX_OK && cl->buf->last_buf) {
            rc = ngx_http_korewebhook_end(r, ctx, &link);
        }

        /* Consumed: nginx may use its buffer again. */
        cl->buf->pos = cl->buf->last;
    }

    *link = NULL;

    if (rc != NGX_OK) {
        return rc;
    }

    /* Also without new bytes: a full buffer of nginx's has to be emptied. */
    rc = ngx_http_next_request_body_filter(r, out);

    ngx_chain_update_chains(r->pool, &ctx->free, &ctx->busy, &out, (ngx_buf_tag_t) &ngx_http_korewebhook_module);

    if (ctx->busy == NULL) {
        ctx->last = ctx->block;
    }

    return rc;
}
