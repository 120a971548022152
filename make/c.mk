# The C library: `make c` builds it in target/c, `make install-c` installs it, `make c-test` tests it.

CBINDGEN_VERSION := 0.29.2
CBINDGEN := target/tools/cbindgen-$(CBINDGEN_VERSION)/bin/cbindgen

C_BUILD := target/c
C_VERSION := $(shell sed -n 's/^version = "\([0-9.]*\)"$$/\1/p' Cargo.toml)
C_SONAME := libkorewebhook.so.$(firstword $(subst ., ,$(C_VERSION)))
C_SHARED := libkorewebhook.so.$(C_VERSION)
C_SOURCES := $(shell find core/src ffi-c/src -type f) core/Cargo.toml ffi-c/Cargo.toml Cargo.toml Cargo.lock
LIBDIR ?= $(PREFIX)/lib

# One object without unwinding tables, which nothing would unwind.
C_CARGO = CARGO_TARGET_DIR="$(CURDIR)/$(C_BUILD)/cargo" $(CARGO) rustc --locked -p korewebhook-ffi --profile ffi \
	--features simd --crate-type staticlib

.PHONY: c c-test header header-check install-c setup-c

# The static and the shared library.
c: setup $(C_BUILD)/libkorewebhook.a $(C_BUILD)/$(C_SHARED)

# The C interface through its header: conformance, misuse, threads, C++, the installed library, the examples.
c-test: c setup-c $(C_BUILD)/sanitized/libkorewebhook.a
	$(PYTHON) tests/c/run.py $(C_BUILD)

# The header, from the sources.
header: $(CBINDGEN)
	$(PYTHON) ffi-c/header.py $(CBINDGEN)

header-check: $(CBINDGEN)
	$(PYTHON) ffi-c/header.py $(CBINDGEN) --check

install-c: c
	install -d "$(DESTDIR)$(PREFIX)/include" "$(DESTDIR)$(LIBDIR)/pkgconfig" "$(DESTDIR)$(LIBDIR)/cmake/korewebhook"
	install -m 644 include/korewebhook.h "$(DESTDIR)$(PREFIX)/include/"
	install -m 644 $(C_BUILD)/libkorewebhook.a "$(DESTDIR)$(LIBDIR)/"
	install -m 755 $(C_BUILD)/$(C_SHARED) "$(DESTDIR)$(LIBDIR)/"
	ln -sf $(C_SHARED) "$(DESTDIR)$(LIBDIR)/$(C_SONAME)"
	ln -sf $(C_SONAME) "$(DESTDIR)$(LIBDIR)/libkorewebhook.so"
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(C_VERSION)|' ffi-c/korewebhook.pc.in \
		> "$(DESTDIR)$(LIBDIR)/pkgconfig/korewebhook.pc"
	for file in korewebhook-config korewebhook-config-version; do \
		sed -e 's|@PREFIX@|$(PREFIX)|; s|@SONAME@|$(C_SONAME)|; s|@SHARED@|$(C_SHARED)|; s|@VERSION@|$(C_VERSION)|' \
			ffi-c/$$file.cmake.in > "$(DESTDIR)$(LIBDIR)/cmake/korewebhook/$$file.cmake"; \
	done

$(C_BUILD)/korewebhook.o: $(C_SOURCES) include/korewebhook.h ffi-c/pack.sh
	RUSTFLAGS="-Cforce-unwind-tables=no $(REMAP)" $(C_CARGO)
	ffi-c/pack.sh $(C_BUILD)/cargo/ffi/libkorewebhook_ffi.a $@

$(C_BUILD)/libkorewebhook.a: $(C_BUILD)/korewebhook.o
	rm -f $@
	ar rcsD $@ $<

$(C_BUILD)/$(C_SHARED): $(C_BUILD)/korewebhook.o ffi-c/korewebhook.map
	$(CC) -shared -Wl,-soname,$(C_SONAME) -Wl,--version-script=ffi-c/korewebhook.map \
		-Wl,-z,defs,-z,relro,-z,now,-z,noexecstack -o $@ $<
	ln -sf $(C_SHARED) $(C_BUILD)/$(C_SONAME)
	ln -sf $(C_SONAME) $(C_BUILD)/libkorewebhook.so

# For tests: the library itself under AddressSanitizer, which the compiler offers under a name of its own. There,
# code that can't be reached stays, and with it the handler of panics.
$(C_BUILD)/sanitized/libkorewebhook.a: $(C_SOURCES)
	RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=address $(REMAP)" $(C_CARGO) --target $(C_HOST)
	mkdir -p $(dir $@)
	cp $(C_BUILD)/cargo/$(C_HOST)/ffi/libkorewebhook_ffi.a $@

C_HOST = $(shell rustc -vV | sed -n 's/^host: //p')

$(CBINDGEN):
	$(CARGO) install --locked --debug cbindgen --version $(CBINDGEN_VERSION) --root $(dir $(CBINDGEN))..

# Two compilers, valgrind, and those whose hash or build system the C library works with.
setup-c:
	@missing=""; \
	command -v g++ >/dev/null || missing="$$missing g++"; \
	command -v clang >/dev/null || missing="$$missing clang"; \
	command -v valgrind >/dev/null || missing="$$missing valgrind"; \
	command -v cmake >/dev/null || missing="$$missing cmake"; \
	command -v pkg-config >/dev/null || missing="$$missing pkg-config"; \
	test "$$(uname -m)" != x86_64 || command -v qemu-x86_64 >/dev/null || missing="$$missing qemu-user"; \
	test -e /usr/include/mbedtls/sha256.h || missing="$$missing libmbedtls-dev"; \
	$(INSTALL_MISSING)
