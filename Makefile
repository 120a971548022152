# The commands people type. Each does its own set-up.

CARGO   ?= cargo
PYTHON  ?= python3
NODE    ?= node
NPM     ?= npm
PREFIX  ?= /usr/local
DESTDIR ?=

DENY_VERSION := 0.20.2
DENY := target/tools/cargo-deny-$(DENY_VERSION)/bin/cargo-deny

# Compiled code names no folder of the machine that built it.
CARGO_DIR = $(or $(CARGO_HOME),$(HOME)/.cargo)
REMAP = --remap-path-prefix=$(CARGO_DIR)=/cargo --remap-path-prefix=$(CURDIR)=/korewebhook

.PHONY: demo test check doc install clean setup setup-rust-src

# Installs what is missing of the Debian packages in $missing.
INSTALL_MISSING = if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ]; then echo "run as root: apt-get install$$missing" >&2; exit 1; fi; \
	apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends$$missing

# A signed delivery, its retry and its forgeries, over real HTTP into a real receiver.
demo: setup
	$(CARGO) build --locked -p korewebhook-cli
	$(PYTHON) tests/demo/demo.py target/debug/korewebhook

# Everything: lints, licences, documentation, tests, costs, the C library, the firmware, the gateway, the packages, the demo.
test: check doc
	$(CARGO) build --locked --workspace
	$(CARGO) test --locked -p korewebhook
	$(CARGO) test --locked -p korewebhook --features detect --lib
	$(CARGO) test --locked --workspace --exclude korewebhook
	$(MAKE) cost-test
	$(MAKE) c-test
	$(MAKE) firmware-test
	$(MAKE) nginx-test
	$(MAKE) python-test
	$(MAKE) node-test
	$(PYTHON) tests/demo/demo.py target/debug/korewebhook

# Format, lints, what the dependencies may be, and whether the C header is that of the sources.
check: setup $(DENY) header-check
	$(CARGO) fmt --all --check
	$(CARGO) fmt --manifest-path benches/rust/Cargo.toml --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	$(CARGO) clippy --locked -p korewebhook-ffi --features simd --all-targets -- -D warnings
	$(DENY) --locked --log-level error check licenses bans sources

doc: setup
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps

# The command, and the C library with its header.
install: setup install-c
	$(CARGO) install --locked --path cli --root "$(DESTDIR)$(PREFIX)" --no-track

clean:
	$(CARGO) clean
	rm -rf dist bindings-node/dist bindings-node/npm bindings-node/node_modules

$(DENY):
	$(CARGO) install --locked --debug cargo-deny --version $(DENY_VERSION) --root $(dir $(DENY))..

# A C compiler for the bundled SQLite and for linking, and Python with venv; Debian's names for what is missing.
setup:
	@command -v $(CARGO) >/dev/null || { echo "cargo is missing: install Rust 1.89 or newer with rustup" >&2; exit 1; }
	@missing=""; \
	command -v cc >/dev/null || missing="$$missing gcc libc6-dev"; \
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || missing="$$missing python3 python3-venv"; \
	$(INSTALL_MISSING)

# A compiler that has its library's source beside it, which rustup's can't be relied on for without its servers.
setup-rust-src:
	@missing=""; \
	test -x /usr/bin/rustc || missing="$$missing rustc-web"; \
	test -x /usr/bin/cargo || missing="$$missing cargo-web"; \
	test -e /usr/lib/rustlib/src/rust/library/core || missing="$$missing rust-web-src"; \
	$(INSTALL_MISSING)

include make/c.mk make/firmware.mk make/nginx.mk make/python.mk make/node.mk make/bench.mk
