/* The module: its directives, and where it stands among nginx's phases. */

#include "ngx_http_korewebhook.h"

static ngx_int_t ngx_http_korewebhook_postconfiguration(ngx_conf_t *cf);

static ngx_conf_enum_t  ngx_http_korewebhook_schemes[] = {
    { ngx_string("kore-sha256"), NGX_HTTP_KOREWEBHOOK_KORE },
    { ngx_string("hmac-sha256"), NGX_HTTP_KOREWEBHOOK_HMAC },
    { ngx_null_string, 0 }
};

static ngx_conf_enum_t  ngx_http_korewebhook_refusals[] = {
    { ngx_string("reject"), NGX_HTTP_KOREWEBHOOK_REJECT },
    { ngx_string("pass"), NGX_HTTP_KOREWEBHOOK_PASS },
    { ngx_null_string, 0 }
};

static ngx_conf_enum_t  ngx_http_korewebhook_levels[] = {
    { ngx_string("info"), NGX_LOG_INFO },
    { ngx_string("notice"), NGX_LOG_NOTICE },
    { ngx_string("warn"), NGX_LOG_WARN },
    { ngx_string("error"), NGX_LOG_ERR },
    { ngx_string("crit"), NGX_LOG_CRIT },
    { ngx_null_string, 0 }
};

#define NGX_HTTP_KOREWEBHOOK_ANYWHERE  (NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF)

static ngx_command_t  ngx_http_korewebhook_commands[] = {

    { ngx_string("korewebhook_url"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_korewebhook_url,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("korewebhook_secret_file"),
      NGX_HTTP_KOREWEBHOOK_ANYWHERE|NGX_CONF_1MORE,
      ngx_http_korewebhook_secret_file,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("korewebhook_scheme"),
      NGX_HTTP_KOREWEBHOOK_ANYWHERE|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_korewebhook_loc_conf_t, scheme),
      &ngx_http_korewebhook_schemes },

    { ngx_string("korewebhook_max_body"),
      NGX_HTTP_KOREWEBHOOK_ANYWHERE|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_korewebhook_loc_conf_t, max_body),
      NULL },

    { ngx_string("korewebhook_on_refusal"),
      NGX_HTTP_KOREWEBHOOK_ANYWHERE|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_korewebhook_loc_conf_t, on_refusal),
      &ngx_http_korewebhook_refusals },

    { ngx_string("korewebhook_log_level"),
      NGX_HTTP_KOREWEBHOOK_ANYWHERE|NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_korewebhook_loc_conf_t, log_level),
      &ngx_http_korewebhook_levels },

    { ngx_string("korewebhook_resign"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE12,
      ngx_http_korewebhook_resign,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};

static ngx_http_module_t  ngx_http_korewebhook_module_ctx = {
    ngx_http_korewebhook_add_variables,        /* preconfiguration */
    ngx_http_korewebhook_postconfiguration,    /* postconfiguration */

    ngx_http_korewebhook_create_main_conf,     /* create main configuration */
    NULL,                                      /* init main configuration */

    NULL,                                      /* create server configuration */
    NULL,                                      /* merge server configuration */

    ngx_http_korewebhook_create_loc_conf,      /* create location configuration */
    ngx_http_korewebhook_merge_loc_conf        /* merge location configuration */
};

ngx_module_t  ngx_http_korewebhook_module = {
    NGX_MODULE_V1,
    &ngx_http_korewebhook_module_ctx,          /* module context */
    ngx_http_korewebhook_commands,             /* module directives */
    NGX_HTTP_MODULE,                           /* module type */
    NULL,                                      /* init master */
    NULL,                                      /* init module */
    NULL,                                      /* init process */
    NULL,                                      /* init thread */
    NULL,                                      /* exit thread */
    NULL,                                      /* exit process */
    NULL,                                      /* exit master */
    NGX_MODULE_V1_PADDING
};

static ngx_int_t
ngx_http_korewebhook_add_handler(ngx_conf_t *cf, ngx_uint_t phase, ngx_http_handler_pt handler)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[phase].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = handler;

    return NGX_OK;
}

static ngx_int_t
ngx_http_korewebhook_postconfiguration(ngx_conf_t *cf)
{
    if (ngx_http_korewebhook_check_urls(cf) != NGX_OK) {
        return NGX_ERROR;
    }

    /*
     * Headers that look like ours go in the rewrite phase, before anything of the location can read them.
     *
     * The verdict falls in the precontent phase: after the limits and the access rules, which are cheaper and may
     * refuse first; not in the access phase, where "satisfy any" would let another rule overrule a refusal; and
     * before what makes content. The last module loaded comes first in a phase, so mirror copies what was verified.
     */

    if (ngx_http_korewebhook_add_handler(cf, NGX_HTTP_REWRITE_PHASE, ngx_http_korewebhook_strip_handler)
        != NGX_OK
        || ngx_http_korewebhook_add_handler(cf, NGX_HTTP_PRECONTENT_PHASE, ngx_http_korewebhook_verify_handler)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_korewebhook_init_body_filter();

    return NGX_OK;
}
