//! What is counted: deliveries of the usual and of the worst kinds, and a hash that costs nothing.

mod bodies;
mod null;
mod request;

pub use bodies::{Body, event};
pub use null::Null;
pub use request::{Request, SECRETS, URL, hex};
