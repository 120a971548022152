//! The deliveries that `bodies.py` wrote, and what KORE's documentation leads people to write by hand.

mod by_hand;
mod workload;

pub use by_hand::{form_by_hand, json_by_hand};
pub use workload::{Delivery, URL, Workload};
