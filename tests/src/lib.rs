//! What the tests share: the vectors, read as they are, and signatures made without the code under test.

pub mod command;
pub mod once;
pub mod oracle;
pub mod vectors;

/// A key ring with room for every secret of the vectors, the one of 1,000 bytes included.
pub type Ring = korewebhook::KeyRing<8, 1024>;
