/* Configuration: URLs, what is inherited, and verifiers that are built once, when nginx reads its files. */

#include "ngx_http_korewebhook.h"

static ngx_int_t ngx_http_korewebhook_build(ngx_conf_t *cf, ngx_http_korewebhook_loc_conf_t *conf);

void *
ngx_http_korewebhook_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_korewebhook_main_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_korewebhook_main_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&conf->urls, cf->pool, 4, sizeof(korewebhook_bytes)) != NGX_OK) {
        return NULL;
    }

    return conf;
}

void *
ngx_http_korewebhook_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_korewebhook_loc_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_korewebhook_loc_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->secrets = NGX_CONF_UNSET_PTR;
    conf->scheme = NGX_CONF_UNSET_UINT;
    conf->max_body = NGX_CONF_UNSET_SIZE;
    conf->on_refusal = NGX_CONF_UNSET_UINT;
    conf->log_level = NGX_CONF_UNSET_UINT;
    conf->resign_secret = NGX_CONF_UNSET_PTR;

    return conf;
}

char *
ngx_http_korewebhook_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_korewebhook_loc_conf_t  *prev = parent;
    ngx_http_korewebhook_loc_conf_t  *conf = child;

    ngx_conf_merge_str_value(conf->url, prev->url, "");
    ngx_conf_merge_ptr_value(conf->secrets, prev->secrets, NULL);
    ngx_conf_merge_uint_value(conf->scheme, prev->scheme, NGX_HTTP_KOREWEBHOOK_KORE);
    ngx_conf_merge_size_value(conf->max_body, prev->max_body, 1024 * 1024);
    ngx_conf_merge_uint_value(conf->on_refusal, prev->on_refusal, NGX_HTTP_KOREWEBHOOK_REJECT);
    ngx_conf_merge_uint_value(conf->log_level, prev->log_level, NGX_LOG_ERR);
    ngx_conf_merge_str_value(conf->resign_url, prev->resign_url, "");
    ngx_conf_merge_ptr_value(conf->resign_secret, prev->resign_secret, NULL);

    if (conf->url.len && ngx_http_korewebhook_build(cf, conf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}

/* "off", in the place of a URL, ends what is inherited. */
static ngx_int_t
ngx_http_korewebhook_set_url(ngx_conf_t *cf, ngx_str_t *url, ngx_str_t *value, uint32_t *warnings)
{
    size_t             signed_len;
    int32_t            number;
    korewebhook_error  error;

    if (ngx_strcmp(value->data, "off") == 0) {
        url->len = 0;
        url->data = (u_char *) "";
        return NGX_DECLINED;
    }

    number = korewebhook_url_check(value->data, value->len, &signed_len, warnings, &error);

    if (number != KOREWEBHOOK_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "korewebhook: \"%V\": %s (%s): %s", value,
                           korewebhook_error_name(number), korewebhook_detail_name(error.detail),
                           korewebhook_error_hint(number));
        return NGX_ERROR;
    }

    *url = *value;

    return NGX_OK;
}

char *
ngx_http_korewebhook_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_korewebhook_loc_conf_t  *lcf = conf;

    uint32_t                           warnings;
    ngx_int_t                          rc;
    ngx_str_t                         *value;
    korewebhook_bytes                 *url;
    ngx_http_korewebhook_main_conf_t  *kmcf;

    (void) cmd;

    if (lcf->url.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    rc = ngx_http_korewebhook_set_url(cf, &lcf->url, &value[1], &warnings);
    if (rc == NGX_DECLINED) {
        return NGX_CONF_OK;
    }
    if (rc != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (warnings & KOREWEBHOOK_WARNING_URL_HTTP) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0, "korewebhook: \"%V\" is an http URL: KORE calls https only, and "
                           "what is captured on the way can be replayed", &lcf->url);
    }

    if (warnings & KOREWEBHOOK_WARNING_URL_BARE_HOST) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0, "korewebhook: \"%V\" has no path, so URLs of other hosts begin "
                           "with it", &lcf->url);
    }

    kmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_korewebhook_module);

    url = ngx_array_push(&kmcf->urls);
    if (url == NULL) {
        return NGX_CONF_ERROR;
    }

    url->data = lcf->url.data;
    url->len = lcf->url.len;

    return NGX_CONF_OK;
}

char *
ngx_http_korewebhook_resign(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_korewebhook_loc_conf_t  *lcf = conf;

    uint32_t    warnings;
    ngx_int_t   rc;
    ngx_str_t  *value;

    (void) cmd;

    if (lcf->resign_url.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    rc = ngx_http_korewebhook_set_url(cf, &lcf->resign_url, &value[1], &warnings);
    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if ((cf->args->nelts == 3) != (rc == NGX_OK)) {
        return "needs the upstream's URL and a secret file, or \"off\"";
    }

    if (rc == NGX_OK && ngx_http_korewebhook_add_secret(cf, &lcf->resign_secret, &value[2]) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}

/* A secret belongs to one scheme: what signs for the upstream must not be what KORE signs with. */
static ngx_int_t
ngx_http_korewebhook_is_shared(ngx_http_korewebhook_loc_conf_t *conf)
{
    ngx_uint_t          i;
    korewebhook_bytes  *secret, *own;

    own = conf->resign_secret->elts;
    secret = conf->secrets->elts;

    for (i = 0; i < conf->secrets->nelts; i++) {
        if (secret[i].len == own->len && ngx_memcmp(secret[i].data, own->data, own->len) == 0) {
            return 1;
        }
    }

    return 0;
}

static ngx_int_t
ngx_http_korewebhook_build(ngx_conf_t *cf, ngx_http_korewebhook_loc_conf_t *conf)
{
    int32_t                    number;
    korewebhook_options        options;
    ngx_http_core_loc_conf_t  *clcf;

    if (conf->secrets == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "korewebhook: no \"korewebhook_secret_file\" for \"%V\"",
                      &conf->url);
        return NGX_ERROR;
    }

    if (conf->max_body == 0) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "korewebhook: \"korewebhook_max_body\" is 0 for \"%V\"",
                      &conf->url);
        return NGX_ERROR;
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->client_max_body_size && clcf->client_max_body_size < (off_t) conf->max_body) {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0, "korewebhook: \"client_max_body_size\" is under "
                      "\"korewebhook_max_body\" for \"%V\", so it refuses first and without a reason", &conf->url);
    }

    ngx_memzero(&options, sizeof(korewebhook_options));
    options.max_body = conf->max_body;

    if (conf->scheme == NGX_HTTP_KOREWEBHOOK_HMAC) {
        number = korewebhook_verifier_init_hmac(&conf->verifier, conf->secrets->elts, conf->secrets->nelts,
                                                conf->url.data, conf->url.len, &options, NULL);
    } else {
        number = korewebhook_verifier_init(&conf->verifier, conf->secrets->elts, conf->secrets->nelts,
                                           conf->url.data, conf->url.len, &options, NULL);
    }

    if (number == KOREWEBHOOK_OK && conf->resign_url.len) {

        if (conf->scheme != NGX_HTTP_KOREWEBHOOK_HMAC && ngx_http_korewebhook_is_shared(conf)) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "korewebhook: the secret of \"korewebhook_resign\" is one that "
                          "\"%V\" is verified with; a secret belongs to one scheme", &conf->url);
            return NGX_ERROR;
        }

        number = korewebhook_verifier_init_hmac(&conf->signer, conf->resign_secret->elts, 1, conf->resign_url.data,
                                                conf->resign_url.len, &options, NULL);
    }

    if (number != KOREWEBHOOK_OK) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "korewebhook: \"%V\": %s: %s", &conf->url,
                      korewebhook_error_name(number), korewebhook_error_hint(number));
        return NGX_ERROR;
    }

    return NGX_OK;
}

/* URLs of one process must be prefix-free, else a signature for one endpoint serves at another. */
ngx_int_t
ngx_http_korewebhook_check_urls(ngx_conf_t *cf)
{
    size_t                             shorter, longer;
    int32_t                            number;
    ngx_str_t                          a, b;
    korewebhook_bytes                 *urls;
    ngx_http_korewebhook_main_conf_t  *kmcf;

    kmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_korewebhook_module);
    urls = kmcf->urls.elts;

    shorter = 0;
    longer = 0;

    number = korewebhook_url_check_prefix_free(urls, kmcf->urls.nelts, &shorter, &longer);
    if (number == KOREWEBHOOK_OK) {
        return NGX_OK;
    }

    a.data = (u_char *) urls[shorter].data;
    a.len = urls[shorter].len;
    b.data = (u_char *) urls[longer].data;
    b.len = urls[longer].len;

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "korewebhook: \"%V\" and \"%V\": %s: %s", &a, &b,
                  korewebhook_error_name(number), korewebhook_error_hint(number));

    return NGX_ERROR;
}
