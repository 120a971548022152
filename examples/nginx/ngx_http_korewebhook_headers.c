/* Request headers: read for the verdict, removed, added. */

#include "ngx_http_korewebhook.h"

typedef ngx_int_t (*ngx_http_korewebhook_unwanted_pt)(ngx_table_elt_t *h, const char *name);

/* Hands every field to the library, repeated ones each time they occur. */
ngx_int_t
ngx_http_korewebhook_read_head(ngx_http_request_t *r, korewebhook_head *head)
{
    u_char           *first, *last;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    if (korewebhook_head_init(head, r->method_name.data, r->method_name.len) != KOREWEBHOOK_OK) {
        return NGX_ERROR;
    }

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            first = h[i].value.data;
            last = first + h[i].value.len;

            /* nginx cuts blanks, but leaves tabs. */
            while (first < last && (*first == ' ' || *first == '\t')) {
                first++;
            }
            while (first < last && (last[-1] == ' ' || last[-1] == '\t')) {
                last--;
            }

            if (korewebhook_head_add(head, h[i].key.data, h[i].key.len, first, last - first) != KOREWEBHOOK_OK) {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}

/*
 * Whether a name begins as another does, taken as an upstream behind CGI's rules may take it: in any case, and with
 * whatever is neither letter nor digit for a hyphen.
 */
static ngx_int_t
ngx_http_korewebhook_begins(ngx_str_t *name, const char *with)
{
    u_char  c;
    size_t  i;

    for (i = 0; with[i]; i++) {

        if (i >= name->len) {
            return 0;
        }

        c = ngx_tolower(name->data[i]);

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
            c = '-';
        }

        if (c != (u_char) with[i]) {
            return 0;
        }
    }

    return 1;
}

static ngx_int_t
ngx_http_korewebhook_is(ngx_str_t *key, const char *name)
{
    return key->len == ngx_strlen(name) && ngx_http_korewebhook_begins(key, name);
}

static ngx_int_t
ngx_http_korewebhook_named(ngx_table_elt_t *h, const char *name)
{
    return ngx_http_korewebhook_is(&h->key, name);
}

/* Ours, and what an upstream could take for the signature though the library didn't. */
static ngx_int_t
ngx_http_korewebhook_spoofed(ngx_table_elt_t *h, const char *name)
{
    return ngx_http_korewebhook_begins(&h->key, "x-korewebhook")
           || (ngx_http_korewebhook_is(&h->key, name)
               && ngx_strncasecmp(h->key.data, (u_char *) name, h->key.len) != 0);
}

/*
 * Removes fields. Others of nginx's structures point at the elements, so none is moved: the list gets new parts, one
 * for each run of elements that stay.
 */
static ngx_int_t
ngx_http_korewebhook_remove(ngx_http_request_t *r, ngx_http_korewebhook_unwanted_pt unwanted, const char *name)
{
    ngx_uint_t        i, gone;
    ngx_list_t        list;
    ngx_list_part_t  *part, *run;
    ngx_table_elt_t  *h;

    gone = 0;
    run = NULL;

    list = r->headers_in.headers;
    list.part.nelts = 0;

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (unwanted(&h[i], name)) {
                gone++;
                run = NULL;
                continue;
            }

            if (run == NULL) {
                run = list.part.nelts ? ngx_palloc(r->pool, sizeof(ngx_list_part_t)) : &list.part;
                if (run == NULL) {
                    return NGX_ERROR;
                }

                run->elts = &h[i];
                run->nelts = 0;
                run->next = NULL;

                if (run != &list.part) {
                    list.last->next = run;
                }

                list.last = run;
            }

            run->nelts++;
        }

        run = NULL;
    }

    if (gone == 0) {
        return NGX_OK;
    }

    if (list.part.nelts == 0) {
        return ngx_list_init(&r->headers_in.headers, r->pool, 4, sizeof(ngx_table_elt_t));
    }

    r->headers_in.headers = list;

    if (list.last == &list.part) {
        r->headers_in.headers.last = &r->headers_in.headers.part;
    }

    /* The last run has no room behind it: what is added comes into a part of its own. */
    r->headers_in.headers.nalloc = r->headers_in.headers.last->nelts;

    return NGX_OK;
}

ngx_int_t
ngx_http_korewebhook_strip_headers(ngx_http_request_t *r)
{
    return ngx_http_korewebhook_remove(r, ngx_http_korewebhook_spoofed, "kore-signature");
}

ngx_int_t
ngx_http_korewebhook_remove_header(ngx_http_request_t *r, const char *name)
{
    return ngx_http_korewebhook_remove(r, ngx_http_korewebhook_named, name);
}

/* `name` is a constant; `value` lives as long as the request. */
ngx_int_t
ngx_http_korewebhook_add_header(ngx_http_request_t *r, const char *name, ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_in.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->key.data = (u_char *) name;
    h->key.len = ngx_strlen(name);
    h->value = *value;

    h->lowcase_key = ngx_pnalloc(r->pool, h->key.len);
    if (h->lowcase_key == NULL) {
        h->key.len = 0;
        h->value.len = 0;
        return NGX_ERROR;
    }

    h->hash = ngx_hash_strlow(h->lowcase_key, h->key.data, h->key.len);

    return NGX_OK;
}

/* Tells everything in nginx that passes the body on how long it is: its content length, no chunks. */
ngx_int_t
ngx_http_korewebhook_set_length(ngx_http_request_t *r, size_t len)
{
    u_char  *text;

    r->headers_in.content_length_n = len;

    if (r->headers_in.content_length) {

        text = ngx_pnalloc(r->pool, NGX_SIZE_T_LEN);
        if (text == NULL) {
            return NGX_ERROR;
        }

        r->headers_in.content_length->value.data = text;
        r->headers_in.content_length->value.len = ngx_sprintf(text, "%uz", len) - text;
    }

    if (r->headers_in.chunked) {
        r->headers_in.chunked = 0;
        r->headers_in.transfer_encoding = NULL;

        return ngx_http_korewebhook_remove_header(r, "transfer-encoding");
    }

    return NGX_OK;
}
