# Speed: `make bench` measures and compares, `make cost-test` counts what a delivery costs and fails where that has
# changed, `make bench-baseline` renews what it compares with.

GUNGRAUN_VERSION := $(shell sed -n 's/^gungraun = "=\(.*\)"$$/\1/p' Cargo.toml)
GUNGRAUN := target/tools/gungraun-runner-$(GUNGRAUN_VERSION)/bin/gungraun-runner
COST = PATH="$(CURDIR)/$(dir $(GUNGRAUN)):$$PATH" CARGO="$(CARGO)" $(PYTHON) benches/cost/check.py

BENCH := target/bench
BENCH_CARGO = CARGO_TARGET_DIR="$(CURDIR)/$(BENCH)/cargo" $(CARGO)
BENCH_NODE := benches/node/node_modules/.ready

.PHONY: bench bench-baseline cost-test setup-bench setup-cost

# Everything side by side on the same bodies; the tables are benches/RESULTS.md too. No time is too long for it.
bench: setup setup-bench c $(BENCH)/venv/.ready $(BENCH_NODE) $(BENCH)/c
	$(BENCH_CARGO) clippy --locked --manifest-path benches/rust/Cargo.toml --release --all-targets -- -D warnings
	$(BENCH_CARGO) bench --locked --manifest-path benches/rust/Cargo.toml --no-run
	rm -rf $(BENCH)/bodies $(BENCH)/criterion
	$(PYTHON) benches/bodies.py $(BENCH)/bodies
	cp /proc/loadavg $(BENCH)/load
	KOREWEBHOOK_BODIES="$(CURDIR)/$(BENCH)/bodies" CRITERION_HOME="$(CURDIR)/$(BENCH)/criterion" \
		$(BENCH_CARGO) bench --quiet --locked --manifest-path benches/rust/Cargo.toml --bench deliveries > $(BENCH)/criterion.log
	$(BENCH)/venv/bin/python benches/python/bench.py $(BENCH)/bodies $(BENCH)/python.json
	$(NODE) --expose-gc benches/node/bench.mjs $(BENCH)/bodies $(BENCH)/node.json
	$(BENCH)/c $(BENCH)/c.json $(BENCH)/bodies/*.index
	$(PYTHON) benches/report.py $(BENCH) benches/RESULTS.md

# Instructions of the usual and worst deliveries, their growth from 1 KiB to 64 MiB, memory while 1 GiB is streamed.
cost-test: setup setup-cost $(GUNGRAUN)
	$(COST) instructions
	$(COST) growth
	$(CARGO) bench --locked -p korewebhook-cost --bench memory

bench-baseline: setup setup-cost $(GUNGRAUN)
	$(COST) instructions --renew

$(BENCH)/c: $(wildcard benches/c/*) $(C_BUILD)/libkorewebhook.a include/korewebhook.h
	mkdir -p $(BENCH)
	$(CC) -O2 -Wall -Wextra -Werror -std=gnu11 -Iinclude benches/c/*.c $(C_BUILD)/libkorewebhook.a -lcrypto -o $@

$(BENCH)/venv/.ready: benches/python/requirements.txt $(WHEEL)
	rm -rf $(BENCH)/venv
	$(PYTHON) -m venv $(BENCH)/venv
	$(BENCH)/venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement $< dist/*.whl
	touch $@

# The package as it is packed, of which nothing stands in the lock file.
$(BENCH_NODE): benches/node/package.json benches/node/package-lock.json $(NODE_PACKAGE)
	cd benches/node && $(NPM) ci --silent && $(NPM) install --silent --no-save --no-package-lock --offline ../../dist/*.tgz
	touch $@

$(GUNGRAUN):
	$(CARGO) install --locked --debug gungraun-runner --version $(GUNGRAUN_VERSION) --root $(dir $(GUNGRAUN))..

# OpenSSL, for C and for the Rust crate.
setup-bench: setup-node
	@missing=""; \
	command -v pkg-config >/dev/null || missing="$$missing pkg-config"; \
	test -e /usr/include/openssl/evp.h || missing="$$missing libssl-dev"; \
	$(INSTALL_MISSING)

setup-cost:
	@missing=""; \
	command -v valgrind >/dev/null || missing="$$missing valgrind"; \
	$(INSTALL_MISSING)
