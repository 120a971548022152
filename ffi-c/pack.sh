#!/bin/sh
# Makes one object of a static library of Rust's, with the functions of the header and no other name.
#
#     ffi-c/pack.sh LIBRARY OBJECT
#
# CROSS=arm-none-eabi- takes another target's binutils, LDFLAGS='-m elf32lriscv' another of their formats.
set -eu

library=$1
object=$2
cross=${CROSS:-}
header=$(dirname "$0")/../include/korewebhook.h

# The functions, as declared: a name at the beginning of a declaration.
names=$(sed -n 's/^[a-z].*[ *]\(korewebhook_[a-z0-9_]*\)(.*/\1/p' "$header")
roots=$(for name in $names; do printf ' -u %s' "$name"; done)
keep=$(for name in $names; do printf ' --keep-global-symbol=%s' "$name"; done)

# Every function is a root, and what none of them needs is left out.
# shellcheck disable=SC2086
"${cross}ld" ${LDFLAGS:-} -r --gc-sections $roots -e "$(echo "$names" | head -n 1)" "$library" -o "$object"
# Bitcode makes binutils with an LLVM plugin see no symbols at all.
# shellcheck disable=SC2086
"${cross}objcopy" --strip-unneeded -R .llvmbc -R .llvmcmd -R .comment $keep "$object"

# See src/lib.rs.
if readelf -sW "$object" | grep -q 'UND korewebhook_panic_is_reachable'; then
    echo "$object: a panic can be reached" >&2
    rm -f "$object"
    exit 1
fi
