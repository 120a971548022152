//! The lists of `tests/vectors/`, read unmodified: counts, verdicts and reason names.

mod backend;
mod canonical;
mod deliveries;
mod events;
mod heads;
mod keys;
mod policy;
mod redaction;
mod replay;
mod schemes;
mod secrets;
mod streaming;
mod table;
