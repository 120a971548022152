# The commands people type. Each does its own set-up.

CARGO   ?= cargo
PYTHON  ?= python3
PREFIX  ?= /usr/local
DESTDIR ?=

DENY_VERSION := 0.20.2
DENY := target/tools/cargo-deny-$(DENY_VERSION)/bin/cargo-deny

.PHONY: demo test check doc install clean setup

# A signed delivery, its retry and its forgeries, over real HTTP into a real receiver.
demo: setup
	$(CARGO) build --locked -p korewebhook-cli
	$(PYTHON) tests/demo/demo.py target/debug/korewebhook

# Everything: lints, licences, documentation, tests, the demo.
test: check doc
	$(CARGO) build --locked --workspace
	$(CARGO) test --locked -p korewebhook
	$(CARGO) test --locked --workspace --exclude korewebhook
	$(PYTHON) tests/demo/demo.py target/debug/korewebhook

# Format, lints, and what the dependencies may be.
check: setup $(DENY)
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	$(DENY) --locked --log-level error check licenses bans sources

doc: setup
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps

install: setup
	$(CARGO) install --locked --path cli --root "$(DESTDIR)$(PREFIX)" --no-track

clean:
	$(CARGO) clean

$(DENY):
	$(CARGO) install --locked --debug cargo-deny --version $(DENY_VERSION) --root $(dir $(DENY))..

# A C compiler for the bundled SQLite and for linking; Debian's names for what is missing.
setup:
	@command -v $(CARGO) >/dev/null || { echo "cargo is missing: install Rust 1.88 or newer with rustup" >&2; exit 1; }
	@missing=""; \
	command -v cc >/dev/null || missing="$$missing gcc libc6-dev"; \
	command -v $(PYTHON) >/dev/null || missing="$$missing python3"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ]; then echo "run as root: apt-get install$$missing" >&2; exit 1; fi; \
	apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends$$missing
