//! The extension module `_korewebhook`: conversions between Python and the core, and no decision.
//!
//! The package `korewebhook` around it is in `python/`.

mod convert;
mod delivery;
mod errors;
mod functions;
mod guard;
mod headers;
mod standard;
mod time;
mod webhook;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
mod _korewebhook {
    #[pymodule_export]
    use super::delivery::{Delivery, EndpointOnly};
    #[pymodule_export]
    use super::functions::{minify_json, parse_date, signed_url, verify_bearer};
    #[pymodule_export]
    use super::guard::{ReplayGuard, ReplayKey};
    #[pymodule_export]
    use super::standard::{StandardDelivery, StandardWebhook};
    #[pymodule_export]
    use super::webhook::Webhook;

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "Python's name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("REASONS", errors::reasons(module.py())?)
    }
}
