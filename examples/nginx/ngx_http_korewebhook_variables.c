/* What is known of a verdict, as text: for logs, conditions and headers. */

#include "ngx_http_korewebhook.h"

ngx_str_t
ngx_http_korewebhook_scheme_name(ngx_http_korewebhook_loc_conf_t *conf)
{
    static ngx_str_t  names[] = { ngx_string("kore-sha256"), ngx_string("hmac-sha256") };

    return names[conf->scheme];
}

ngx_int_t
ngx_http_korewebhook_key_text(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, ngx_str_t *text)
{
    text->data = ngx_pnalloc(r->pool, 2 * sizeof(ctx->receipt.key));
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    text->len = ngx_hex_dump(text->data, ctx->receipt.key, sizeof(ctx->receipt.key)) - text->data;

    return NGX_OK;
}

ngx_int_t
ngx_http_korewebhook_secret_text(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, ngx_str_t *text)
{
    text->data = ngx_pnalloc(r->pool, NGX_INT32_LEN);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    text->len = ngx_sprintf(text->data, "%uD", ctx->receipt.secret_index) - text->data;

    return NGX_OK;
}

enum {
    VERDICT,
    REASON,
    KEY,
    SECRET,
    SCHEME
};

static ngx_int_t
ngx_http_korewebhook_text(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, uintptr_t data, ngx_str_t *text)
{
    switch (data) {

    case VERDICT:
        text->data = (u_char *) ctx->verdict;
        text->len = ngx_strlen(ctx->verdict);
        return NGX_OK;

    case REASON:
        text->data = (u_char *) ctx->reason;
        text->len = ngx_strlen(ctx->reason);
        return NGX_OK;

    case KEY:
        return ngx_http_korewebhook_key_text(r, ctx, text);

    case SECRET:
        return ngx_http_korewebhook_secret_text(r, ctx, text);

    default:
        *text = ngx_http_korewebhook_scheme_name(ctx->conf);
        return NGX_OK;
    }
}

static ngx_int_t
ngx_http_korewebhook_get(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t                    text;
    ngx_http_korewebhook_ctx_t  *ctx;

    ctx = ngx_http_korewebhook_get_ctx(r);

    /* Key and secret are known of an accepted delivery only. */
    if (ctx == NULL || ctx->verdict == NULL
        || ((data == KEY || data == SECRET) && ngx_strcmp(ctx->verdict, "accepted") != 0))
    {
        v->not_found = 1;
        return NGX_OK;
    }

    if (ngx_http_korewebhook_text(r, ctx, data, &text) != NGX_OK) {
        return NGX_ERROR;
    }

    v->data = text.data;
    v->len = text.len;
    v->valid = 1;
    v->no_cacheable = 1;
    v->not_found = 0;

    return NGX_OK;
}

static ngx_http_variable_t  ngx_http_korewebhook_variables[] = {

    { ngx_string("korewebhook_verdict"), NULL, ngx_http_korewebhook_get, VERDICT, NGX_HTTP_VAR_NOCACHEABLE, 0 },
    { ngx_string("korewebhook_reason"), NULL, ngx_http_korewebhook_get, REASON, NGX_HTTP_VAR_NOCACHEABLE, 0 },
    { ngx_string("korewebhook_key"), NULL, ngx_http_korewebhook_get, KEY, NGX_HTTP_VAR_NOCACHEABLE, 0 },
    { ngx_string("korewebhook_secret_index"), NULL, ngx_http_korewebhook_get, SECRET, NGX_HTTP_VAR_NOCACHEABLE, 0 },
    { ngx_string("korewebhook_scheme"), NULL, ngx_http_korewebhook_get, SCHEME, NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};

ngx_int_t
ngx_http_korewebhook_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_korewebhook_variables; v->name.len; v++) {

        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}
