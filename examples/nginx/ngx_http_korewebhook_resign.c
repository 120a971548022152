/* A signature of our own for the upstream: hmac-sha256 over the canonical body, instead of KORE's. */

#include "ngx_http_korewebhook.h"

/* The body in one piece: signing takes no other. */
static ngx_int_t
ngx_http_korewebhook_gather(ngx_http_request_t *r, size_t len, ngx_str_t *body)
{
    u_char       *p;
    size_t        size;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    cl = r->request_body->bufs;

    if (cl && !cl->buf->in_file && (size_t) (cl->buf->last - cl->buf->pos) == len) {
        body->data = cl->buf->pos;
        body->len = len;
        return NGX_OK;
    }

    body->data = ngx_pnalloc(r->pool, len);
    if (body->data == NULL) {
        return NGX_ERROR;
    }

    p = body->data;

    for ( /* void */ ; cl; cl = cl->next) {

        b = cl->buf;
        size = b->in_file ? (size_t) (b->file_last - b->file_pos) : (size_t) (b->last - b->pos);

        if (size > len - (size_t) (p - body->data)) {
            return NGX_ERROR;
        }

        if (!b->in_file) {
            p = ngx_cpymem(p, b->pos, size);

        } else if (size) {
            if (ngx_read_file(b->file, p, size, b->file_pos) != (ssize_t) size) {
                return NGX_ERROR;
            }
            p += size;
        }
    }

    body->len = p - body->data;

    return body->len == len ? NGX_OK : NGX_ERROR;
}

ngx_int_t
ngx_http_korewebhook_sign_again(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx)
{
    size_t      len;
    int32_t     number;
    uint64_t    storage[(KOREWEBHOOK_HMAC_STORAGE_SIZE(1) + 7) / 8];
    ngx_str_t   body, signature;

    len = ctx->conf->on_refusal == NGX_HTTP_KOREWEBHOOK_PASS ? ctx->receipt.received_len
                                                             : ctx->receipt.canonical_len;

    signature.data = ngx_pnalloc(r->pool, KOREWEBHOOK_SIGNATURE_LEN);
    signature.len = KOREWEBHOOK_SIGNATURE_LEN;

    if (signature.data == NULL || ngx_http_korewebhook_gather(r, len, &body) != NGX_OK) {
        return NGX_ERROR;
    }

    number = korewebhook_sign(&ctx->conf->signer, ctx->receipt.format, body.data, body.len, storage,
                              sizeof(storage), signature.data, signature.len);

    if (number != KOREWEBHOOK_OK) {
        ngx_log_error(NGX_LOG_CRIT, r->connection->log, 0, "korewebhook: signing failed: %s",
                      korewebhook_error_name(number));
        return NGX_ERROR;
    }

    if (ngx_http_korewebhook_remove_header(r, "kore-signature") != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_korewebhook_add_header(r, "Kore-Signature", &signature);
}
