//! Streams 1 GiB: no allocation, no more memory at the peak than 1 MiB took, and the verdict of another SHA-256.

use korewebhook::{Accepted, Head, KeyRing, KoreSha256, Options, SignedUrl, Storage, Verifier};
use korewebhook_cost::{SECRETS, URL, event, hex};
use ring::digest::{Context, SHA256};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

const PIECE: usize = 16 << 10;
const WARM_UP: usize = 1 << 20;
const WHOLE: usize = 1 << 30;
/// The kernel counts pages in batches for each CPU, so that a peak is exact to some of them only.
const PEAK_TOLERANCE: usize = 512 << 10;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// A JSON array of events as it is sent, and as it is signed: by two writers of `serde_json`.
struct Events {
    /// `,` and a pretty event, often enough that a piece can begin anywhere in the first of them.
    sent: Vec<u8>,
    period: usize,
    signed: String,
    count: usize,
}

impl Events {
    fn of_at_least(size: usize) -> Self {
        let unit = format!(",\n{:#}", event());
        let period = unit.len();
        let sent = unit.repeat(PIECE / period + 2).into_bytes();
        Self { sent, period, signed: format!(",{}", event()), count: size.div_ceil(period) }
    }

    /// The body between the brackets, in pieces, without its first comma.
    fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        let end = self.period * self.count;
        (1..end).step_by(PIECE).map(move |at| {
            let begin = at % self.period;
            &self.sent[begin..begin + PIECE.min(end - at)]
        })
    }

    fn signature(&self) -> String {
        let mut hash = Context::new(&SHA256);
        for part in [SECRETS[0], "POST", URL, "[", &self.signed[1..]] {
            hash.update(part.as_bytes());
        }
        for _ in 1..self.count {
            hash.update(self.signed.as_bytes());
        }
        hash.update(b"]");
        hex(hash.finish().as_ref())
    }
}

fn stream(verifier: &Verifier<'_>, events: &Events, signature: &str) -> Accepted {
    let headers = [("content-type", "application/json"), ("kore-signature", signature)];
    let mut storage: Storage<KoreSha256, [_; 1]> = Storage::new();
    let mut stream = verifier.start(&Head::new("POST", headers), &mut storage);
    for piece in [&b"["[..]].into_iter().chain(events.pieces()).chain([&b"]"[..]]) {
        stream.update(piece).expect("within the bound");
    }
    stream.finish().expect("the signature of the other SHA-256")
}

/// The most memory that this process has had resident, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") << 10
}

fn main() {
    let secrets: KeyRing = KeyRing::from_secrets([SECRETS[0]]).expect("a secret");
    let url = SignedUrl::new(URL).expect("a URL");
    let mut options = Options::DEFAULT;
    options.max_body = 2 * WHOLE;
    let verifier = Verifier::with(KoreSha256::new(), &secrets, &url, options).expect("a configuration");

    let region = Region::new(ALLOCATOR);
    let (first, whole) = (Events::of_at_least(WARM_UP), Events::of_at_least(WHOLE));
    let signatures = [&first, &whole].map(Events::signature);
    assert_ne!(region.change().allocations, 0, "the counter counts");
    stream(&verifier, &first, &signatures[0]);
    let before = peak();
    let region = Region::new(ALLOCATOR);
    let accepted = stream(&verifier, &whole, &signatures[1]);
    let allocations = region.change().allocations + region.change().reallocations;
    let grown = peak() - before;

    let Accepted::Delivery(receipt) = accepted else { panic!("a POST") };
    assert_eq!(receipt.received_len, whole.period * whole.count + 1);
    assert_eq!(receipt.canonical_len, whole.signed.len() * whole.count + 1);
    assert!(receipt.received_len >= WHOLE);
    assert_eq!(allocations, 0, "allocations while {} bytes were streamed", receipt.received_len);
    assert!(
        grown <= PEAK_TOLERANCE,
        "the peak grew by {grown} bytes while {} were streamed",
        receipt.received_len
    );
    println!(
        "memory: {} bytes streamed in pieces of {PIECE}: accepted, {allocations} allocations, peak + {grown} bytes",
        receipt.received_len
    );
}
