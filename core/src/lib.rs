//! Sign and verify KORE Wireless webhooks.
//!
//! KORE signs a delivery with a plain SHA-256 over `secret ‖ METHOD ‖ URL ‖ body`, JSON bodies minified. This
//! crate verifies that byte for byte, closes what is weak about it (length extension, moved boundaries,
//! unsigned headers), and tells deliveries apart, without a heap and without `std`.
//!
//! ```
//! use korewebhook::{Head, KeyRing, SignedUrl, Verifier};
//!
//! let secrets: KeyRing = KeyRing::from_secrets(["a35974bdf1c769b8bb"])?; // the old and the new one during a rotation
//! let url = SignedUrl::new("https://testendpoint.com")?;                  // as registered, never rebuilt from a request
//! let verifier = Verifier::new(&secrets, &url)?;
//!
//! let headers = [
//!     ("Content-Type", "application/json"),
//!     ("Kore-Signature", "d21c555b37789cdb9433a85760d326f0c637d5c17676b8dc49918ec629c67d59"),
//! ];
//! let mut body = *br#"{ "field1": "value1", "field2": "value2"}"#; // the raw bytes, before any parser
//! let delivery = verifier.verify_in_place(&Head::new("POST", headers), &mut body)?;
//! assert_eq!(delivery.body(), Some(&br#"{"field1":"value1","field2":"value2"}"#[..])); // what was signed: parse this
//! # Ok::<(), korewebhook::Error>(())
//! ```
//!
//! The feature `simd`, for hosts, reads JSON 64 bytes at a time, with `detect` by the best registers that the CPU has; what
//! it says is the same.
//!
//! What KORE signs is described in `docs/protocol.md`, what can go wrong in `docs/threat-model.md` of the
//! repository.

#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
// Every input gets a verdict: nothing here can panic.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::get_unwrap,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::unwrap_used
)]

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

#[cfg(feature = "simd")]
mod blocks;
mod content;
pub mod date;
mod delivery;
mod endpoint;
mod error;
mod event;
mod form;
mod guard;
pub mod hash;
mod hashing;
pub mod header;
mod hex;
pub mod json;
mod key;
#[cfg(feature = "simd")]
mod lanes;
mod once;
mod options;
mod registers;
pub mod replay;
mod scan;
pub mod scheme;
mod secret;
mod set;
mod sign;
mod signature;
mod stream;
pub mod url;
mod utf8;
mod verify;

pub use content::Format;
pub use delivery::{Delivery, EndpointOnly, Receipt, Verdict};
pub use endpoint::{Endpoint, PrefixState, SchemeName};
pub use error::{Detail, Error, Reason};
pub use event::{Event, Events, JsonText};
pub use form::{Fields, FormText};
pub use guard::CHECK_ORDER;
pub use header::{Head, Http1Head, Token, Unsigned};
pub use key::{Key, Keys};
pub use once::{Once, Request};
pub use options::{DEFAULT_MAX_BODY, Options, Warning};
pub use registers::Registers;
pub use scheme::{HmacSha256, HmacState, KoreSha256, Scheme};
pub use secret::{KeyRing, MAX_SECRET, MAX_SECRETS, Secret, Secrets};
pub use sign::Signer;
pub use signature::{SIGNATURE_LEN, Signature};
pub use stream::{Accepted, AnyStorage, Prefix, Storage, Stream};
pub use url::SignedUrl;
pub use verify::Verifier;
