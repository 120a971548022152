"""The machines the firmware runs on: an emulated board for each kind of core."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True)
class Machine:
    target: str
    tools: str
    cpu: tuple[str, ...]
    emulator: tuple[str, ...]
    flash: int
    flash_size: int
    ram: int
    ram_size: int


ARM = "arm-none-eabi-"
M4F = ("-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard")
# Exactly this name finds gcc's runtime for 32 bits.
RV32 = ("-march=rv32imac", "-mabi=ilp32", "-mcmodel=medany")

MACHINES = {
    "Cortex-M0": Machine(
        "thumbv6m-none-eabi", ARM, ("-mcpu=cortex-m0", "-mthumb"),
        # The largest body of the vectors, changed in place, takes more than the 16 KiB that this board has.
        ("qemu-system-arm", "-M", "microbit", "-global", "nrf51-soc.sram-size=262144", "-global", "nrf51-soc.flash-size=1048576"),
        0, MIB, 0x2000_0000, 256 * KIB,
    ),
    "Cortex-M4F": Machine(
        "thumbv7em-none-eabihf", ARM, M4F,
        ("qemu-system-arm", "-M", "mps2-an386"), 0, 4 * MIB, 0x2000_0000, 256 * KIB,
    ),
    "Cortex-M33": Machine(
        "thumbv8m.main-none-eabi", ARM, ("-mcpu=cortex-m33+nofp", "-mthumb", "-mfloat-abi=soft"),
        ("qemu-system-arm", "-M", "mps2-an505"), 0x1000_0000, 4 * MIB, 0x3800_0000, 256 * KIB,
    ),
    "RV32IMAC": Machine(
        "riscv32imac-unknown-none-elf", "riscv64-unknown-elf-", RV32,
        ("qemu-system-riscv32", "-M", "virt", "-bios", "none"), 0x8000_0000, MIB, 0x8010_0000, 256 * KIB,
    ),
}
