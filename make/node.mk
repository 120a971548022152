# The Node package: `make node` packs it into dist/, `make node-test` tests it as it is installed.

# The addon is linked by zig for an old C library; the WebAssembly module is made by a Rust that has its own
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

.PHONY: node node-test node-generated setup-node

# The package for npm, and that of its addon for Linux on x86-64, in dist/.
node: setup setup-node $(NODE_PACKAGE)

# The package on both of its engines, as it is installed, and in the runtimes that it is for.
node-test: node
	$(NODE) bindings-node/scripts/types.mjs --check
	cd bindings-node && $(NPM) test

# What is generated of the Node package and kept in the repository: the core's names and numbers, and the types.
node-generated: setup setup-node $(NODE_TOOLS)
	$(NODE_TABLES) > bindings-node/lib/tables.ts
	$(NODE) bindings-node/scripts/types.mjs

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

# A Rust with its sources and a linker for WebAssembly; Debian's Node is too old.
setup-node: setup-rust-src
	@$(NODE) -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' 2>/dev/null && command -v $(NPM) >/dev/null \
		|| { echo "node or npm is missing or old: install Node 20 or newer" >&2; exit 1; }
	@missing=""; \
	command -v wasm-ld-14 >/dev/null || missing="$$missing lld-14"; \
	$(INSTALL_MISSING)
