//! What the CPU at hand has: without the standard library, it is asked here.

use korewebhook::Registers;

/// The vector registers for JSON.
#[cfg(not(all(feature = "simd", target_arch = "x86_64")))]
pub(crate) fn registers() -> Registers {
    Registers::default()
}

/// The vector registers for JSON.
#[cfg(all(feature = "simd", target_arch = "x86_64"))]
pub(crate) fn registers() -> Registers {
    use core::sync::atomic::{AtomicU8, Ordering};
    use fearless_simd::{Level, x86::Avx2};

    const NO: u8 = 1;
    const YES: u8 = 2;
    // Nothing depends on it but time, which is long where there is a hypervisor to ask.
    static AVX2: AtomicU8 = AtomicU8::new(0);

    let known = match AVX2.load(Ordering::Relaxed) {
        0 => {
            let found = if has_x86_64_v3() { YES } else { NO };
            AVX2.store(found, Ordering::Relaxed);
            found
        }
        known => known,
    };
    if known == YES {
        // SAFETY: these are the features of x86-64-v3.
        Registers::of(Level::Avx2(unsafe { Avx2::assume_supported() }))
    } else {
        Registers::default()
    }
}

/// Whether CPU and operating system have all of x86-64-v3 (System V ABI, AMD64 supplement, table 3.1).
#[cfg(all(feature = "simd", target_arch = "x86_64"))]
fn has_x86_64_v3() -> bool {
    use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};

    const FMA: u32 = 1 << 12;
    const CMPXCHG16B: u32 = 1 << 13;
    const MOVBE: u32 = 1 << 22;
    const POPCNT: u32 = 1 << 23;
    const XSAVE: u32 = 1 << 26;
    const OSXSAVE: u32 = 1 << 27;
    const AVX: u32 = 1 << 28;
    const F16C: u32 = 1 << 29;
    // SSE3, SSSE3, SSE4.1, SSE4.2.
    const SSE: u32 = 1 | 1 << 9 | 1 << 19 | 1 << 20;
    const LEAF_1_ECX: u32 = FMA | CMPXCHG16B | MOVBE | POPCNT | XSAVE | OSXSAVE | AVX | F16C | SSE;
    const FXSR: u32 = 1 << 24;
    // BMI1, AVX2, BMI2.
    const LEAF_7_EBX: u32 = 1 << 3 | 1 << 5 | 1 << 8;
    const LZCNT: u32 = 1 << 5;
    const EXTENDED: u32 = 0x8000_0001;
    // The operating system keeps XMM and YMM.
    const STATE: u64 = 0b110;

    let has = |register: u32, bits: u32| register & bits == bits;
    if __cpuid(0).eax < 7 || __cpuid(0x8000_0000).eax < EXTENDED {
        return false;
    }
    let usual = __cpuid(1);
    has(usual.ecx, LEAF_1_ECX)
        && has(usual.edx, FXSR)
        && has(__cpuid_count(7, 0).ebx, LEAF_7_EBX)
        && has(__cpuid(EXTENDED).ecx, LZCNT)
        // SAFETY: OSXSAVE is there.
        && unsafe { _xgetbv(0) } & STATE == STATE
}
