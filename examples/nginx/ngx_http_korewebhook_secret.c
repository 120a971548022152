/* Secret files: read when the configuration is, kept in its pool, wiped when that is destroyed. */

#include "ngx_http_korewebhook.h"

/* More than a secret may have, so that the library can tell one that is too long; with a line break. */
#define NGX_HTTP_KOREWEBHOOK_ROOM  (KOREWEBHOOK_MAX_SECRET + 3)

static void
ngx_http_korewebhook_wipe(void *data)
{
    ngx_explicit_memzero(data, NGX_HTTP_KOREWEBHOOK_ROOM);
}

/* The buffer is made once: one that grows leaves copies behind. */
static ngx_int_t
ngx_http_korewebhook_read(ngx_conf_t *cf, ngx_str_t *file, ngx_fd_t fd, u_char *buffer, size_t *len)
{
    ssize_t          n;
    ngx_file_info_t  info;

    if (ngx_fd_info(fd, &info) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno, ngx_fd_info_n " \"%V\" failed", file);
        return NGX_ERROR;
    }

    /* Anything else could be read once only, and a reload reads again. */
    if (!ngx_is_file(&info)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "korewebhook: \"%V\" is not a regular file", file);
        return NGX_ERROR;
    }

    if (ngx_file_access(&info) & (S_IROTH|S_IWOTH)) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0, "korewebhook: the secret in \"%V\" is open to every user of this "
                           "machine; chmod it to 0600", file);
    }

    for (*len = 0; *len < NGX_HTTP_KOREWEBHOOK_ROOM; *len += n) {

        n = ngx_read_fd(fd, buffer + *len, NGX_HTTP_KOREWEBHOOK_ROOM - *len);

        if (n == -1) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno, ngx_read_fd_n " \"%V\" failed", file);
            return NGX_ERROR;
        }

        if (n == 0) {
            break;
        }
    }

    /* Editors and echo end a file with a line break. Only one is cut: anything else is a mistake to be told. */
    if (*len && buffer[*len - 1] == LF) {
        *len -= *len > 1 && buffer[*len - 2] == CR ? 2 : 1;
    }

    return NGX_OK;
}

/* Lets the library judge a secret by itself, so that a message can name its file. */
static ngx_int_t
ngx_http_korewebhook_check_secret(ngx_conf_t *cf, ngx_str_t *file, korewebhook_bytes *secret)
{
    int32_t               number;
    ngx_str_t             url = ngx_string("https://localhost/");
    korewebhook_verifier  probe;

    number = korewebhook_verifier_init(&probe, secret, 1, url.data, url.len, NULL, NULL);

    if (number != KOREWEBHOOK_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "korewebhook: \"%V\": %s: %s", file,
                           korewebhook_error_name(number), korewebhook_error_hint(number));
        return NGX_ERROR;
    }

    if (korewebhook_verifier_warnings(&probe) & KOREWEBHOOK_WARNING_SECRET_SHORT) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0, "korewebhook: the secret in \"%V\" is under 16 bytes, so one "
                           "captured delivery may be enough to guess it", file);
    }

    return NGX_OK;
}

ngx_int_t
ngx_http_korewebhook_add_secret(ngx_conf_t *cf, ngx_array_t **secrets, ngx_str_t *file)
{
    u_char              *buffer;
    ngx_fd_t             fd;
    ngx_int_t            rc;
    ngx_pool_cleanup_t  *cln;
    korewebhook_bytes   *secret;

    if (*secrets == NGX_CONF_UNSET_PTR) {
        *secrets = ngx_array_create(cf->pool, 2, sizeof(korewebhook_bytes));
        if (*secrets == NULL) {
            return NGX_ERROR;
        }
    }

    secret = ngx_array_push(*secrets);
    buffer = ngx_pcalloc(cf->pool, NGX_HTTP_KOREWEBHOOK_ROOM);
    cln = ngx_pool_cleanup_add(cf->pool, 0);

    if (secret == NULL || buffer == NULL || cln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_http_korewebhook_wipe;
    cln->data = buffer;

    if (ngx_conf_full_name(cf->cycle, file, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    fd = ngx_open_file(file->data, NGX_FILE_RDONLY|NGX_FILE_NONBLOCK, NGX_FILE_OPEN, 0);
    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno, ngx_open_file_n " \"%V\" failed", file);
        return NGX_ERROR;
    }

    rc = ngx_http_korewebhook_read(cf, file, fd, buffer, &secret->len);
    secret->data = buffer;

    if (ngx_close_file(fd) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_ALERT, cf, ngx_errno, ngx_close_file_n " \"%V\" failed", file);
    }

    return rc == NGX_OK ? ngx_http_korewebhook_check_secret(cf, file, secret) : rc;
}

char *
ngx_http_korewebhook_secret_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_korewebhook_loc_conf_t  *lcf = conf;

    ngx_str_t   *value;
    ngx_uint_t   i;

    (void) cmd;

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_http_korewebhook_add_secret(cf, &lcf->secrets, &value[i]) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}
