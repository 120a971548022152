# Speed: `make cost-test` counts what a delivery costs and compares, `make bench-baseline` renews what it compares with.

GUNGRAUN_VERSION := $(shell sed -n 's/^gungraun = "=\(.*\)"$$/\1/p' Cargo.toml)
GUNGRAUN := target/tools/gungraun-runner-$(GUNGRAUN_VERSION)/bin/gungraun-runner
COST = PATH="$(CURDIR)/$(dir $(GUNGRAUN)):$$PATH" CARGO="$(CARGO)" $(PYTHON) benches/cost/check.py

.PHONY: cost-test bench-baseline setup-cost

# Instructions of the usual and worst deliveries, their growth from 1 KiB to 64 MiB, memory while 1 GiB is streamed.
cost-test: setup setup-cost $(GUNGRAUN)
	$(COST) instructions
	$(COST) growth
	$(CARGO) bench --locked -p korewebhook-cost --bench memory

bench-baseline: setup setup-cost $(GUNGRAUN)
	$(COST) instructions --renew

$(GUNGRAUN):
	$(CARGO) install --locked --debug gungraun-runner --version $(GUNGRAUN_VERSION) --root $(dir $(GUNGRAUN))..

setup-cost:
	@missing=""; \
	command -v valgrind >/dev/null || missing="$$missing valgrind"; \
	$(INSTALL_MISSING)
