//! Instructions of one delivery, each case in a process of its own under Callgrind. `check.py` compares them with
//! `baseline.json`. All but `sha2` hash with nothing, so what counts is our own work.

use gungraun::prelude::*;
use korewebhook::hash::Sha2;
use korewebhook::{Head, KoreSha256, Prefix, Storage};
use korewebhook_cost::{Body, Null, Request, event};
use std::hint::black_box;

const LARGE: usize = 100 << 10;
const WORST: usize = 64 << 10;

#[library_benchmark]
#[bench::form(Request::new(Body::Form, 145))]
#[bench::event_pretty(Request::of_event(true))]
#[bench::event_minified(Request::of_event(false))]
#[bench::large_pretty(Request::new(Body::Pretty, LARGE))]
#[bench::large_minified(Request::new(Body::Minified, LARGE))]
#[bench::two_secrets(Request::of_event(true).secrets(2))]
#[bench::eight_secrets(Request::of_event(true).secrets(8))]
#[bench::white_space(Request::new(Body::WhiteSpace, WORST))]
#[bench::escapes(Request::new(Body::Escapes, WORST))]
#[bench::nesting(Request::new(Body::Nesting, WORST))]
#[bench::long_string(Request::new(Body::LongString, WORST))]
#[bench::short_tokens(Request::new(Body::ShortTokens, WORST))]
#[bench::non_ascii(Request::new(Body::NonAscii, WORST))]
fn verify(request: Request) -> Request {
    black_box(request.verifier(Null).verify(&request.head(), black_box(&request.body))).expect("accepted");
    request
}

#[library_benchmark]
#[bench::form(Request::new(Body::Form, 145))]
#[bench::event_pretty(Request::of_event(true))]
fn verify_prepared(request: Request) -> Request {
    let mut prefix: Prefix<KoreSha256<Null>, 1> = Prefix::new();
    let verifier = request.verifier(Null);
    let verifier = verifier.prepare(&mut prefix).expect("prepared");
    black_box(verifier.verify(&request.head(), black_box(&request.body))).expect("accepted");
    request
}

#[library_benchmark]
#[bench::event_pretty(Request::of_event(true))]
#[bench::large_pretty(Request::new(Body::Pretty, LARGE))]
#[bench::large_minified(Request::new(Body::Minified, LARGE))]
fn verify_in_place(mut request: Request) -> Request {
    let mut body = std::mem::take(&mut request.body);
    let delivery = request.verifier(Null).verify_in_place(&request.head(), black_box(&mut body));
    black_box(delivery).expect("accepted");
    request.body = body;
    request
}

#[library_benchmark]
#[bench::large_64(Request::new(Body::Pretty, LARGE), 64)]
#[bench::large_1460(Request::new(Body::Pretty, LARGE), 1460)]
#[bench::large_16384(Request::new(Body::Pretty, LARGE), 16384)]
#[bench::form_64(Request::new(Body::Form, LARGE), 64)]
fn stream(request: Request, piece: usize) -> Request {
    let mut storage: Storage<KoreSha256<Null>, [(); 1]> = Storage::new();
    let verifier = request.verifier(Null);
    let mut stream = verifier.start(&request.head(), &mut storage);
    for chunk in black_box(&request.body).chunks(piece) {
        stream.update(chunk).expect("within the bound");
    }
    black_box(stream.finish()).expect("accepted");
    request
}

#[library_benchmark]
#[bench::nul_at_the_end(Request::new(Body::LongString, WORST).ending_in(0), "nul-in-body")]
#[bench::malformed_at_the_end(Request::new(Body::LongString, WORST).ending_in(b'}'), "json-malformed")]
#[bench::unfinished(Request::new(Body::Pretty, WORST).ending_in(b' '), "json-malformed")]
fn refuse(request: Request, code: &str) -> Request {
    let verdict = request.verifier(Null).verify(&request.head(), black_box(&request.body));
    assert_eq!(black_box(verdict).expect_err("refused").code(), code);
    request
}

fn field_lines() -> String {
    let request = Request::of_event(true);
    request.fields().iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect()
}

#[library_benchmark]
#[bench::seven(field_lines())]
fn head_from_field_lines(lines: String) -> String {
    black_box(Head::from_field_lines("POST", black_box(lines.as_bytes()))).expect("a head");
    lines
}

#[library_benchmark]
#[bench::seven(Request::of_event(true))]
fn head_from_pairs(request: Request) -> Request {
    black_box(Head::new("POST", black_box(request.fields())));
    request
}

fn signed_event() -> Request {
    Request::of_event(true).signed(sha256, event().to_string().as_bytes())
}

fn signed_form() -> Request {
    let request = Request::new(Body::Form, 145);
    let body = request.body.clone();
    request.signed(sha256, &body)
}

fn sha256(message: &[u8]) -> [u8; 32] {
    let digest = ring::digest::digest(&ring::digest::SHA256, message);
    digest.as_ref().try_into().expect("32 bytes")
}

#[library_benchmark]
#[bench::form(signed_form())]
#[bench::event_pretty(signed_event())]
fn sha2(request: Request) -> Request {
    black_box(request.verifier(Sha2).verify(&request.head(), black_box(&request.body))).expect("accepted");
    request
}

library_benchmark_group!(
    name = delivery,
    benchmarks = [
        verify,
        verify_prepared,
        verify_in_place,
        stream,
        refuse,
        head_from_field_lines,
        head_from_pairs,
        sha2
    ]
);

main!(library_benchmark_groups = delivery);
