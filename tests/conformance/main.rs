//! The lists of `tests/vectors/`, read unmodified: counts, verdicts and reason names.

mod canonical;
mod deliveries;
mod keys;
mod policy;
mod redaction;
mod replay;
mod schemes;
mod table;
