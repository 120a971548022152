# The commands people type. Each does its own set-up.

CARGO   ?= cargo
PYTHON  ?= python3
NODE    ?= node
NPM     ?= npm
PREFIX  ?= /usr/local
DESTDIR ?=

DENY_VERSION := 0.20.2
DENY := target/tools/cargo-deny-$(DENY_VERSION)/bin/cargo-deny

# The Python package. Compiled code names no folder of the machine that built it.
VENV := target/python-venv
VENV_PYTHON := $(VENV)/bin/python
WHEEL := target/python-wheel.stamp
PYTHON_SOURCES := $(shell find bindings-python/src bindings-python/python core/src -type f ! -name '*.pyc' ! -name '*.so') \
	$(addprefix bindings-python/,Cargo.toml pyproject.toml README.md) core/Cargo.toml Cargo.toml Cargo.lock
CARGO_DIR = $(or $(CARGO_HOME),$(HOME)/.cargo)
REMAP = --remap-path-prefix=$(CARGO_DIR)=/cargo --remap-path-prefix=$(CURDIR)=/korewebhook
MATURIN = PATH="$(CURDIR)/$(VENV)/bin:$$PATH" \
	RUSTFLAGS="$(REMAP)" \
	CARGO_TARGET_DIR="$(CURDIR)/target/python" $(CURDIR)/$(VENV)/bin/maturin

# The Node package. The addon is linked by zig for an old C library; the WebAssembly module is made by a Rust that has its own
# sources, Debian's.
NODE_PACKAGE := target/node.stamp
NODE_TOOLS := bindings-node/node_modules/.ready
NODE_TARGET := x86_64-unknown-linux-gnu
NODE_SOURCES := $(shell find bindings-node/lib bindings-node/loader bindings-node/scripts bindings-node/src bindings-node/engine \
	bindings-node/wasm core/src -type f) core/Cargo.toml Cargo.toml Cargo.lock \
	$(addprefix bindings-node/,Cargo.toml build.rs package.json tsconfig.json README.md)
NODE_TABLES := CARGO_TARGET_DIR=target/node $(CARGO) run --locked --quiet -p korewebhook-node-engine --example tables
WASM := target/node-wasm/wasm32-unknown-unknown/wasm/korewebhook_wasm.wasm
# sha2's compact rounds, and a stack that is small and runs into a trap, not into data.
WASM_FLAGS := --cfg sha2_backend="soft" --cfg sha2_backend_soft="compact" -Clink-arg=-zstack-size=65536 -Clink-arg=--stack-first

.PHONY: demo test check doc python python-test python-aarch64 node node-test node-generated install clean setup

# A signed delivery, its retry and its forgeries, over real HTTP into a real receiver.
demo: setup
	$(CARGO) build --locked -p korewebhook-cli
	$(PYTHON) tests/demo/demo.py target/debug/korewebhook

# Everything: lints, licences, documentation, tests, the Python and the Node package, the demo.
test: check doc
	$(CARGO) build --locked --workspace
	$(CARGO) test --locked -p korewebhook
	$(CARGO) test --locked --workspace --exclude korewebhook
	$(MAKE) python-test
	$(MAKE) node-test
	$(PYTHON) tests/demo/demo.py target/debug/korewebhook

# Format, lints, and what the dependencies may be.
check: setup $(DENY)
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	$(DENY) --locked --log-level error check licenses bans sources

doc: setup
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps

# The wheel for Linux on x86-64 and the sdist, in dist/.
python: setup $(WHEEL)

# The package as it is installed: its tests, its types, the wheel made of the sdist, the README's ten lines.
python-test: python
	cd bindings-python && $(CURDIR)/$(VENV_PYTHON) -m mypy python/korewebhook tests/typing_sample.py
	cd $(VENV) && bin/python -m mypy.stubtest korewebhook._korewebhook \
		--allowlist $(CURDIR)/bindings-python/tests/stubtest-allowlist.txt
	cd bindings-python && $(CURDIR)/$(VENV_PYTHON) -m pytest

# The wheel for Linux on aarch64, by zig and a Rust that has its own sources: where rustup has no such target,
# Debian's packages rustc-web, cargo-web and rust-web-src. No part of the tests, which would need an emulator.
python-aarch64: setup $(VENV)/.ready
	RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO=/usr/bin/cargo $(subst target/python",target/python-aarch64",$(MATURIN)) \
	build --locked --release --zig --target aarch64-unknown-linux-gnu --compatibility manylinux_2_17 \
	-Z build-std=std,panic_abort --manifest-path bindings-python/Cargo.toml --out dist/aarch64

# The package for npm, and that of its addon for Linux on x86-64, in dist/.
node: setup $(NODE_PACKAGE)

# The package on both of its engines, as it is installed, and in the runtimes that it is for.
node-test: node
	$(NODE) bindings-node/scripts/types.mjs --check
	cd bindings-node && $(NPM) test

# What is generated of the Node package and kept in the repository: the core's names and numbers, and the types.
node-generated: setup $(NODE_TOOLS)
	$(NODE_TABLES) > bindings-node/lib/tables.ts
	$(NODE) bindings-node/scripts/types.mjs

install: setup
	$(CARGO) install --locked --path cli --root "$(DESTDIR)$(PREFIX)" --no-track

clean:
	$(CARGO) clean
	rm -rf dist bindings-node/dist bindings-node/npm bindings-node/node_modules

$(WHEEL): $(VENV)/.ready $(PYTHON_SOURCES)
	rm -f dist/korewebhook-*.whl dist/korewebhook-*.tar.gz
	$(MATURIN) build --locked --release --zig --compatibility manylinux_2_17 \
		--manifest-path bindings-python/Cargo.toml --out dist
	$(MATURIN) sdist --manifest-path bindings-python/Cargo.toml --out dist
	$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall dist/*.whl
	touch $@

$(NODE_PACKAGE): $(VENV)/.ready-node $(NODE_TOOLS) $(WASM) $(NODE_SOURCES)
	rm -rf dist/korewebhook-*.tgz bindings-node/npm
	$(NODE_TABLES) | diff - bindings-node/lib/tables.ts || { echo "run make node-generated" >&2; exit 1; }
	$(NODE) bindings-node/scripts/build.mjs $(CURDIR)/$(WASM)
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" RUSTFLAGS="$(REMAP)" CARGO_TARGET_DIR=target/node $(CARGO) zigbuild --locked --release \
		-p korewebhook-node --target $(NODE_TARGET).2.17
	$(NODE) bindings-node/scripts/platform.mjs $(NODE_TARGET) $(CURDIR)/target/node/$(NODE_TARGET)/release/libkorewebhook_node.so
	ln -sfn ../npm/linux-x64-gnu bindings-node/node_modules/korewebhook-linux-x64-gnu
	mkdir -p dist
	cd bindings-node && $(NPM) pack --silent --pack-destination ../dist . ./npm/linux-x64-gnu
	touch $@

$(WASM): $(NODE_SOURCES)
	RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_DIR=target/node-wasm RUSTFLAGS='$(WASM_FLAGS) $(REMAP)' \
		CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-14 /usr/bin/cargo build --locked -p korewebhook-node-wasm \
		--profile wasm -Z build-std=core --target wasm32-unknown-unknown
	touch $@

# Nothing that is installed here runs code of its own on the way.
$(NODE_TOOLS): bindings-node/package-lock.json
	cd bindings-node && $(NPM) ci --ignore-scripts --no-audit --no-fund
	touch $@

$(VENV)/.ready-node: $(VENV)/.ready bindings-node/requirements-dev.txt
	$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --requirement bindings-node/requirements-dev.txt
	touch $@

$(VENV)/.ready: bindings-python/requirements-dev.txt
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

$(DENY):
	$(CARGO) install --locked --debug cargo-deny --version $(DENY_VERSION) --root $(dir $(DENY))..

# A C compiler for the bundled SQLite and for linking, Python with venv, a Rust with its sources and a linker for WebAssembly;
# Debian's names for what is missing. Its Node is too old.
setup:
	@command -v $(CARGO) >/dev/null || { echo "cargo is missing: install Rust 1.88 or newer with rustup" >&2; exit 1; }
	@$(NODE) -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' 2>/dev/null && command -v $(NPM) >/dev/null \
		|| { echo "node or npm is missing or old: install Node 20 or newer" >&2; exit 1; }
	@missing=""; \
	command -v cc >/dev/null || missing="$$missing gcc libc6-dev"; \
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || missing="$$missing python3 python3-venv"; \
	test -x /usr/bin/rustc || missing="$$missing rustc-web"; \
	test -x /usr/bin/cargo || missing="$$missing cargo-web"; \
	test -d /usr/lib/rustlib/src/rust/library/core || missing="$$missing rust-web-src"; \
	command -v wasm-ld-14 >/dev/null || missing="$$missing lld-14"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ]; then echo "run as root: apt-get install$$missing" >&2; exit 1; fi; \
	apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends$$missing
