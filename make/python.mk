# The Python package: `make python` builds it into dist/, `make python-test` tests it as it is installed.

VENV := target/python-venv
VENV_PYTHON := $(VENV)/bin/python
WHEEL := target/python-wheel.stamp
PYTHON_SOURCES := $(shell find bindings-python/src bindings-python/python core/src -type f ! -name '*.pyc' ! -name '*.so') \
	$(addprefix bindings-python/,Cargo.toml pyproject.toml README.md) core/Cargo.toml Cargo.toml Cargo.lock
MATURIN = PATH="$(CURDIR)/$(VENV)/bin:$$PATH" RUSTFLAGS="$(REMAP)" \
	CARGO_TARGET_DIR="$(CURDIR)/target/python" $(CURDIR)/$(VENV)/bin/maturin

.PHONY: python python-test python-aarch64

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

$(WHEEL): $(VENV)/.ready $(PYTHON_SOURCES)
	rm -f dist/korewebhook-*.whl dist/korewebhook-*.tar.gz
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
