# The commands people type. Each does its own set-up.

CARGO   ?= cargo
PYTHON  ?= python3
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
MATURIN = PATH="$(CURDIR)/$(VENV)/bin:$$PATH" RUSTFLAGS="$(REMAP)" \
	CARGO_TARGET_DIR="$(CURDIR)/target/python" $(CURDIR)/$(VENV)/bin/maturin

.PHONY: demo test check doc python python-test python-aarch64 install clean setup

# Installs what is missing of the Debian packages in $missing.
INSTALL_MISSING = if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ]; then echo "run as root: apt-get install$$missing" >&2; exit 1; fi; \
	apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends$$missing

# A signed delivery, its retry and its forgeries, over real HTTP into a real receiver.
demo: setup
	$(CARGO) build --locked -p korewebhook-cli
	$(PYTHON) tests/demo/demo.py target/debug/korewebhook

# Everything: lints, licences, documentation, tests, the C library, the firmware, the gateway, the packages, the demo.
test: check doc
	$(CARGO) build --locked --workspace
	$(CARGO) test --locked -p korewebhook
	$(CARGO) test --locked --workspace --exclude korewebhook
	$(MAKE) c-test
	$(MAKE) firmware-test
	$(MAKE) nginx-test
	$(MAKE) python-test
	$(PYTHON) tests/demo/demo.py target/debug/korewebhook

# Format, lints, what the dependencies may be, and whether the C header is that of the sources.
check: setup $(DENY) header-check
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

# The command, and the C library with its header.
install: setup install-c
	$(CARGO) install --locked --path cli --root "$(DESTDIR)$(PREFIX)" --no-track

clean:
	$(CARGO) clean
	rm -rf dist

$(WHEEL): $(VENV)/.ready $(PYTHON_SOURCES)
	rm -f dist/korewebhook-*
	$(MATURIN) build --locked --release --zig --compatibility manylinux_2_17 \
		--manifest-path bindings-python/Cargo.toml --out dist
	$(MATURIN) sdist --manifest-path bindings-python/Cargo.toml --out dist
	$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall dist/*.whl
	touch $@

$(VENV)/.ready: bindings-python/requirements-dev.txt
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

$(DENY):
	$(CARGO) install --locked --debug cargo-deny --version $(DENY_VERSION) --root $(dir $(DENY))..

# A C compiler for the bundled SQLite and for linking, and Python with venv; Debian's names for what is missing.
setup:
	@command -v $(CARGO) >/dev/null || { echo "cargo is missing: install Rust 1.88 or newer with rustup" >&2; exit 1; }
	@missing=""; \
	command -v cc >/dev/null || missing="$$missing gcc libc6-dev"; \
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || missing="$$missing python3 python3-venv"; \
	$(INSTALL_MISSING)

include make/c.mk make/firmware.mk
include make/c.mk
include make/nginx.mk
