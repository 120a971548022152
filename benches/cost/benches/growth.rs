//! Instructions of deliveries from 1 KiB to 64 MiB. `check.py` asks that each further byte costs the same.

use gungraun::prelude::*;
use korewebhook::{KoreSha256, Storage};
use korewebhook_cost::{Body, Null, Request};
use std::hint::black_box;

/// In this order they are numbered in what Gungraun prints, and in `check.py`.
const SIZES: [usize; 4] = [1 << 10, 64 << 10, 1 << 20, 64 << 20];

fn sizes(body: Body) -> impl Iterator<Item = (Body, usize)> {
    SIZES.into_iter().map(move |size| (body, size))
}

fn request((body, size): (Body, usize)) -> Request {
    Request::new(body, size)
}

#[library_benchmark]
#[benches::form(iter = sizes(Body::Form), setup = request)]
#[benches::pretty(iter = sizes(Body::Pretty), setup = request)]
#[benches::minified(iter = sizes(Body::Minified), setup = request)]
#[benches::white_space(iter = sizes(Body::WhiteSpace), setup = request)]
#[benches::escapes(iter = sizes(Body::Escapes), setup = request)]
#[benches::nesting(iter = sizes(Body::Nesting), setup = request)]
#[benches::long_string(iter = sizes(Body::LongString), setup = request)]
#[benches::short_tokens(iter = sizes(Body::ShortTokens), setup = request)]
#[benches::non_ascii(iter = sizes(Body::NonAscii), setup = request)]
fn verify(request: Request) -> Request {
    black_box(request.verifier(Null).verify(&request.head(), black_box(&request.body))).expect("accepted");
    request
}

#[library_benchmark]
#[benches::pretty(iter = sizes(Body::Pretty), setup = request)]
fn stream(request: Request) -> Request {
    let mut storage: Storage<KoreSha256<Null>, [(); 1]> = Storage::new();
    let verifier = request.verifier(Null);
    let mut stream = verifier.start(&request.head(), &mut storage);
    for chunk in black_box(&request.body).chunks(1460) {
        stream.update(chunk).expect("within the bound");
    }
    black_box(stream.finish()).expect("accepted");
    request
}

library_benchmark_group!(name = delivery, benchmarks = [verify, stream]);

main!(library_benchmark_groups = delivery);
