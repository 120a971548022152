//! Which vector registers JSON is read in.

#[cfg(feature = "simd")]
use fearless_simd::Level;

/// The vector registers that a [`Verifier`](crate::Verifier) reads JSON in. Whatever they are, it says the same.
///
/// By default they are those that every CPU of the target has, or with the feature `detect` those of the CPU at hand.
#[derive(Clone, Copy, Debug)]
pub struct Registers {
    #[cfg(feature = "simd")]
    pub(crate) level: Level,
}

impl Registers {
    #[cfg(feature = "simd")]
    pub(crate) const BASELINE: Self = Self { level: Level::baseline() };
    #[cfg(not(feature = "simd"))]
    pub(crate) const BASELINE: Self = Self {};

    /// Those of a CPU that somebody else has asked.
    #[cfg(feature = "simd")]
    #[must_use]
    pub const fn of(level: Level) -> Self {
        Self { level }
    }
}

impl Default for Registers {
    #[inline]
    fn default() -> Self {
        #[cfg(feature = "detect")]
        return Self::of(Level::new());
        #[cfg(all(feature = "simd", not(feature = "detect")))]
        return Self::of(Level::baseline());
        #[cfg(not(feature = "simd"))]
        Self::BASELINE
    }
}
