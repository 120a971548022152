/* What the files of the module share. One file holds one idea; each says which in its first line. */

#ifndef NGX_HTTP_KOREWEBHOOK_H
#define NGX_HTTP_KOREWEBHOOK_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <korewebhook.h>

#define NGX_HTTP_KOREWEBHOOK_KORE  0
#define NGX_HTTP_KOREWEBHOOK_HMAC  1

#define NGX_HTTP_KOREWEBHOOK_REJECT  0
#define NGX_HTTP_KOREWEBHOOK_PASS    1

/* A location. The verifiers borrow URLs and secrets, which live as long: in the pool of the configuration. */
typedef struct {
    ngx_str_t             url;          /* empty where the module is off */
    ngx_array_t          *secrets;      /* of korewebhook_bytes */
    ngx_uint_t            scheme;
    size_t                max_body;
    ngx_uint_t            on_refusal;
    ngx_uint_t            log_level;

    ngx_str_t             resign_url;   /* empty where nothing is signed again */
    ngx_array_t          *resign_secret;

    korewebhook_verifier  verifier;
    korewebhook_verifier  signer;
} ngx_http_korewebhook_loc_conf_t;

/* All URLs of the process, since one must not be a prefix of another. */
typedef struct {
    ngx_array_t           urls;         /* of korewebhook_bytes */
} ngx_http_korewebhook_main_conf_t;

/* A request. */
typedef struct {
    ngx_http_korewebhook_loc_conf_t  *conf;
    korewebhook_stream               *stream;     /* NULL unless one is under way */
    korewebhook_receipt               receipt;    /* where the verdict is "accepted" */
    const char                       *verdict;    /* NULL as long as there is none */
    const char                       *reason;

    /* What the phase handler answers: NGX_DONE while the body is read, NGX_DECLINED to go on, or a status. */
    ngx_int_t                         status;

    /* Canonical bytes on their way into nginx's buffers. */
    u_char                           *block;
    u_char                           *last;
    u_char                           *end;
    ngx_chain_t                      *free;
    ngx_chain_t                      *busy;
    size_t                            canonical_len;
} ngx_http_korewebhook_ctx_t;

extern ngx_module_t  ngx_http_korewebhook_module;

/* ngx_http_korewebhook_conf.c */
void *ngx_http_korewebhook_create_main_conf(ngx_conf_t *cf);
void *ngx_http_korewebhook_create_loc_conf(ngx_conf_t *cf);
char *ngx_http_korewebhook_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child);
char *ngx_http_korewebhook_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_korewebhook_resign(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
ngx_int_t ngx_http_korewebhook_check_urls(ngx_conf_t *cf);

/* ngx_http_korewebhook_secret.c */
char *ngx_http_korewebhook_secret_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
ngx_int_t ngx_http_korewebhook_add_secret(ngx_conf_t *cf, ngx_array_t **secrets, ngx_str_t *file);

/* ngx_http_korewebhook_request.c */
ngx_int_t ngx_http_korewebhook_strip_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_korewebhook_verify_handler(ngx_http_request_t *r);
ngx_http_korewebhook_ctx_t *ngx_http_korewebhook_get_ctx(ngx_http_request_t *r);

/* ngx_http_korewebhook_verdict.c */
ngx_int_t ngx_http_korewebhook_finish(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx);
ngx_int_t ngx_http_korewebhook_refuse(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, int32_t number);
ngx_int_t ngx_http_korewebhook_trouble(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, const char *what);

/* ngx_http_korewebhook_body.c */
void ngx_http_korewebhook_init_body_filter(void);

/* ngx_http_korewebhook_headers.c */
ngx_int_t ngx_http_korewebhook_read_head(ngx_http_request_t *r, korewebhook_head *head);
ngx_int_t ngx_http_korewebhook_strip_headers(ngx_http_request_t *r);
ngx_int_t ngx_http_korewebhook_remove_header(ngx_http_request_t *r, const char *name);
ngx_int_t ngx_http_korewebhook_add_header(ngx_http_request_t *r, const char *name, ngx_str_t *value);
ngx_int_t ngx_http_korewebhook_set_length(ngx_http_request_t *r, size_t len);

/* ngx_http_korewebhook_resign.c */
ngx_int_t ngx_http_korewebhook_sign_again(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx);

/* ngx_http_korewebhook_variables.c */
ngx_int_t ngx_http_korewebhook_add_variables(ngx_conf_t *cf);
ngx_str_t ngx_http_korewebhook_scheme_name(ngx_http_korewebhook_loc_conf_t *conf);
ngx_int_t ngx_http_korewebhook_key_text(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, ngx_str_t *text);
ngx_int_t ngx_http_korewebhook_secret_text(ngx_http_request_t *r, ngx_http_korewebhook_ctx_t *ctx, ngx_str_t *text);

#endif
