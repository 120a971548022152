//! `korewebhook sign`, `verify` and `send`: input, output and exit codes.

mod send;
mod sign;
mod usage;
mod verify;

use korewebhook_tests::command::{korewebhook, run, said};

const URL: &str = "https://testendpoint.com";

/// Runs a command under a secret with this standard input: standard output, standard error, exit code.
fn with_secret(secret: &str, args: &[&str], stdin: &[u8]) -> (String, String, Option<i32>) {
    said(&run(korewebhook().env("KOREWEBHOOK_SECRET", secret).args(args), stdin))
}

/// The requests that KORE has published, as they come over the wire: secret, head, body, and the index of
/// what is published.
fn published() -> Vec<(String, String, String)> {
    #[derive(serde::Deserialize)]
    struct Published {
        secret: String,
        content_type: String,
        body: String,
        signature: String,
    }
    let cases: Vec<Published> = korewebhook_tests::vectors::load("kore_published");
    assert_eq!(cases.len(), 3);
    let request = |case: Published| {
        let head = format!(
            "POST / HTTP/1.1\r\nHost: testendpoint.com\r\nContent-Length: {}\r\nContent-Type: {}\r\nKore-Signature: {}\r\n",
            case.body.len(),
            case.content_type,
            case.signature
        );
        (case.secret, head, case.body)
    };
    cases.into_iter().map(request).collect()
}
