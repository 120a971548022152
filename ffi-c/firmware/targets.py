"""What the library is built for, and the binutils that take it apart and put it together again."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    binutils: str  # prefix of ld, objcopy and ar
    emulation: tuple[str, ...] = ()
    linux: bool = False


ARM = Target("arm-none-eabi-")
RISCV = Target("riscv64-unknown-elf-", ("-m", "elf32lriscv"))
ARM_LINUX = Target("arm-linux-gnueabihf-", linux=True)
AARCH64_LINUX = Target("aarch64-linux-gnu-", linux=True)

TARGETS = {
    "thumbv6m-none-eabi": ARM,
    "thumbv7m-none-eabi": ARM,
    "thumbv7em-none-eabi": ARM,
    "thumbv7em-none-eabihf": ARM,
    "thumbv8m.main-none-eabi": ARM,
    "riscv32imc-unknown-none-elf": RISCV,
    "riscv32imac-unknown-none-elf": RISCV,
    "armv7-unknown-linux-gnueabihf": ARM_LINUX,
    "armv7-unknown-linux-musleabihf": ARM_LINUX,
    "aarch64-unknown-linux-gnu": AARCH64_LINUX,
    "aarch64-unknown-linux-musl": AARCH64_LINUX,
}
