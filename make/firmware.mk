# The library for firmware and small gateways: `make firmware TARGET=thumbv7em-none-eabihf` builds it in dist/firmware,
# `make firmware-test` tests it on emulated cores, `make firmware-report` prints what a delivery costs there.

# The kinds of core that are emulated; the other targets are built by `make firmware-all` only, half a minute each.
FIRMWARE_TESTED := thumbv6m-none-eabi thumbv7em-none-eabihf thumbv8m.main-none-eabi riscv32imac-unknown-none-elf
FIRMWARE_ALL := $(FIRMWARE_TESTED) thumbv7m-none-eabi thumbv7em-none-eabi riscv32imc-unknown-none-elf \
	armv7-unknown-linux-gnueabihf armv7-unknown-linux-musleabihf aarch64-unknown-linux-gnu aarch64-unknown-linux-musl

FIRMWARE_BUILD = $(PYTHON) ffi-c/firmware/archive.py

.PHONY: firmware firmware-all firmware-test firmware-report setup-firmware setup-firmware-tests setup-firmware-linux

firmware: setup setup-firmware $(if $(findstring linux,$(TARGET)),setup-firmware-linux)
	@test -n "$(TARGET)" || { echo "say which: make firmware TARGET=... of $(FIRMWARE_ALL)" >&2; exit 1; }
	$(FIRMWARE_BUILD) $(TARGET)

firmware-all: setup setup-firmware setup-firmware-linux
	$(FIRMWARE_BUILD) $(FIRMWARE_ALL)

# The shared vectors, budgets, traces, symbols, panics and the example, each on every emulated core.
firmware-test: setup setup-firmware setup-firmware-tests
	$(FIRMWARE_BUILD) $(FIRMWARE_TESTED)
	$(PYTHON) -m unittest discover --start-directory tests/firmware

firmware-report: setup setup-firmware setup-firmware-tests
	$(FIRMWARE_BUILD) $(FIRMWARE_TESTED)
	$(PYTHON) tests/firmware/report.py

# The binutils of the targets.
setup-firmware: setup-rust-src
	@missing=""; \
	command -v arm-none-eabi-ld >/dev/null || missing="$$missing binutils-arm-none-eabi"; \
	command -v riscv64-unknown-elf-ld >/dev/null || missing="$$missing binutils-riscv64-unknown-elf"; \
	$(INSTALL_MISSING)

setup-firmware-linux:
	@missing=""; \
	command -v aarch64-linux-gnu-ld >/dev/null || missing="$$missing binutils-aarch64-linux-gnu"; \
	command -v arm-linux-gnueabihf-ld >/dev/null || missing="$$missing binutils-arm-linux-gnueabihf"; \
	$(INSTALL_MISSING)

setup-firmware-tests:
	@missing=""; \
	command -v cmake >/dev/null || missing="$$missing cmake"; \
	command -v arm-none-eabi-gcc >/dev/null || missing="$$missing gcc-arm-none-eabi"; \
	command -v riscv64-unknown-elf-gcc >/dev/null || missing="$$missing gcc-riscv64-unknown-elf"; \
	command -v qemu-system-arm >/dev/null || missing="$$missing qemu-system-arm"; \
	command -v qemu-system-riscv32 >/dev/null || missing="$$missing qemu-system-misc"; \
	$(INSTALL_MISSING)
