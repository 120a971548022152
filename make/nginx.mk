# The nginx gateway: `make nginx` builds its module in target/nginx, `make nginx-test` tests it with a real nginx.

NGINX_BUILD := target/nginx
NGINX_MODULE := $(NGINX_BUILD)/ngx_http_korewebhook_module.so
NGINX_SOURCES := $(wildcard examples/nginx/*.c examples/nginx/*.h) examples/nginx/config examples/nginx/exports.map

# Where Debian's nginx-dev puts nginx's headers, its configure and the options that its nginx was built with.
NGINX_SRC := /usr/share/nginx/src

NGINX_CFLAGS := -g -O2 -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$(CURDIR)=. \
	-Wall -Wextra -Wunused-parameter -Wformat -Werror=format-security -Werror

# How long the load test lasts. The goal of a worker that doesn't grow is tested with the default.
KOREWEBHOOK_WRK_SECONDS ?= 120

.PHONY: nginx nginx-test setup-nginx

nginx: setup setup-nginx
	$(MAKE) $(NGINX_MODULE)

nginx-test: nginx
	KOREWEBHOOK_WRK_SECONDS=$(KOREWEBHOOK_WRK_SECONDS) $(PYTHON) -m unittest discover -s tests/nginx

$(NGINX_MODULE): $(NGINX_SOURCES) $(C_BUILD)/libkorewebhook.a include/korewebhook.h make/nginx.mk
	rm -rf $(NGINX_BUILD)
	mkdir -p $(NGINX_BUILD)
	cd $(NGINX_SRC) && KOREWEBHOOK_LIB="$(CURDIR)/$(C_BUILD)" bash -c '. ./conf_flags && ./configure \
		"$${NGX_CONF_FLAGS[@]}" --with-cc-opt="$(NGINX_CFLAGS)" --with-ld-opt="-Wl,-z,relro,-z,now" \
		--builddir="$(CURDIR)/$(NGINX_BUILD)" --add-dynamic-module="$(CURDIR)/examples/nginx"' \
		> "$(CURDIR)/$(NGINX_BUILD)/configure.log"
	$(MAKE) --silent -C $(NGINX_SRC) -f "$(CURDIR)/$(NGINX_BUILD)/Makefile" modules

# Debian starts nginx when it is installed; the tests have one of their own on loopback.
setup-nginx:
	@missing=""; \
	test -x /usr/sbin/nginx || missing="$$missing nginx"; \
	test -e $(NGINX_SRC)/conf_flags || missing="$$missing nginx-dev"; \
	command -v wrk >/dev/null || missing="$$missing wrk"; \
	command -v valgrind >/dev/null || missing="$$missing valgrind"; \
	$(INSTALL_MISSING)
