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
    use fearless_simd::{Level, x86};

    const USUAL: u8 = 1;
    const SSE4_2: u8 = 2;
    const AVX2: u8 = 3;
    const AVX512: u8 = 4;
    // The answer, since a hypervisor takes long for it.
    static KNOWN: AtomicU8 = AtomicU8::new(0);

    if KNOWN.load(Ordering::Relaxed) == 0 {
        let cpu = x86_64::Cpu::ask();
        let has = [cpu.has(&x86_64::SSE4_2), cpu.has(&x86_64::AVX2), cpu.has(&x86_64::AVX512)];
        let found = match has {
            [true, true, true] => AVX512,
            [true, true, false] => AVX2,
            [true, false, _] => SSE4_2,
            [false, ..] => USUAL,
        };
        KNOWN.store(found, Ordering::Relaxed);
    }
    match KNOWN.load(Ordering::Relaxed) {
        // SAFETY: the CPU has what these need.
        AVX512 => Registers::of(Level::Avx512(unsafe { x86::Avx512::assume_supported() })),
        // SAFETY: as above.
        AVX2 => Registers::of(Level::Avx2(unsafe { x86::Avx2::assume_supported() })),
        // SAFETY: as above.
        SSE4_2 => Registers::of(Level::Sse4_2(unsafe { x86::Sse4_2::assume_supported() })),
        _ => Registers::default(),
    }
}

/// CPUID, in Intel's Software Developer's Manual, volume 2A.
#[cfg(all(feature = "simd", target_arch = "x86_64"))]
mod x86_64 {
    use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};

    /// What a CPU has, or has to have: registers of CPUID by leaf, and what the operating system keeps.
    pub(super) struct Cpu {
        ecx_1: u32,
        edx_1: u32,
        ebx_7: u32,
        ecx_7: u32,
        eax_d_1: u32,
        ecx_extended: u32,
        xcr0: u64,
    }

    const fn bits(places: &[u32]) -> u32 {
        match places {
            [place, others @ ..] => 1_u32.wrapping_shl(*place) | bits(others),
            [] => 0,
        }
    }

    const OSXSAVE: u32 = bits(&[27]);

    /// x86-64-v2 (System V ABI, AMD64 supplement, section 3.1.1).
    pub(super) const SSE4_2: Cpu = Cpu {
        // SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT.
        ecx_1: bits(&[0, 9, 13, 19, 20, 23]),
        // FXSR, SSE, SSE2.
        edx_1: bits(&[24, 25, 26]),
        ebx_7: 0,
        ecx_7: 0,
        eax_d_1: 0,
        ecx_extended: 0,
        xcr0: 0,
    };

    /// What x86-64-v3 has more.
    pub(super) const AVX2: Cpu = Cpu {
        // FMA, MOVBE, XSAVE, AVX, F16C.
        ecx_1: OSXSAVE | bits(&[12, 22, 26, 28, 29]),
        edx_1: 0,
        // BMI1, AVX2, BMI2.
        ebx_7: bits(&[3, 5, 8]),
        ecx_7: 0,
        eax_d_1: 0,
        // LZCNT.
        ecx_extended: bits(&[5]),
        // XMM, YMM.
        xcr0: 0b110,
    };

    /// What Ice Lake has more.
    pub(super) const AVX512: Cpu = Cpu {
        // PCLMULQDQ, AES, RDRAND.
        ecx_1: OSXSAVE | bits(&[1, 25, 30]),
        edx_1: 0,
        // AVX512F, AVX512DQ, RDSEED, ADX, AVX512IFMA, AVX512CD, SHA, AVX512BW, AVX512VL.
        ebx_7: bits(&[16, 17, 18, 19, 21, 28, 29, 30, 31]),
        // AVX512VBMI, AVX512VBMI2, GFNI, VAES, VPCLMULQDQ, AVX512VNNI, AVX512BITALG, AVX512VPOPCNTDQ.
        ecx_7: bits(&[1, 6, 8, 9, 10, 11, 12, 14]),
        // XSAVEOPT, XSAVEC, XSAVES.
        eax_d_1: bits(&[0, 1, 3]),
        ecx_extended: 0,
        // Masks, upper halves of ZMM0 to ZMM15, ZMM16 to ZMM31.
        xcr0: 0b1110_0110,
    };

    impl Cpu {
        /// What the CPU at hand has.
        pub(super) fn ask() -> Self {
            const EXTENDED: u32 = 0x8000_0001;
            let (last, last_extended) = (__cpuid(0).eax, __cpuid(0x8000_0000).eax);
            let one = __cpuid(1);
            // Leaves behind the last one would say anything.
            let seven = (last >= 7).then(|| __cpuid_count(7, 0));
            Self {
                ecx_1: one.ecx,
                edx_1: one.edx,
                ebx_7: seven.map_or(0, |seven| seven.ebx),
                ecx_7: seven.map_or(0, |seven| seven.ecx),
                eax_d_1: if last >= 0xD { __cpuid_count(0xD, 1).eax } else { 0 },
                ecx_extended: if last_extended >= EXTENDED { __cpuid(EXTENDED).ecx } else { 0 },
                // SAFETY: it may be asked for where OSXSAVE is.
                xcr0: if one.ecx & OSXSAVE == 0 { 0 } else { unsafe { _xgetbv(0) } },
            }
        }

        pub(super) const fn has(&self, needed: &Self) -> bool {
            self.ecx_1 & needed.ecx_1 == needed.ecx_1
                && self.edx_1 & needed.edx_1 == needed.edx_1
                && self.ebx_7 & needed.ebx_7 == needed.ebx_7
                && self.ecx_7 & needed.ecx_7 == needed.ecx_7
                && self.eax_d_1 & needed.eax_d_1 == needed.eax_d_1
                && self.ecx_extended & needed.ecx_extended == needed.ecx_extended
                && self.xcr0 & needed.xcr0 == needed.xcr0
        }
    }
}
