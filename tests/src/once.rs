//! The same request by the general path and by those for firmware.

use korewebhook::{
    Error, Format, Head, Once, Options, Registers, Request, Scheme, Secrets, SignedUrl, Verdict, Verifier,
};

/// What a way says: the secret's index and the canonical body, none for a GET; or the number of the reason.
pub type Said = Result<(usize, Option<Vec<u8>>), i32>;

/// What the general path says.
pub fn general<S: Scheme, K: Secrets>(
    verifier: &Verifier<'_, S, K>,
    head: Result<Head<'_>, Error>,
    body: &[u8],
) -> Said {
    let said = head.and_then(|head| {
        Ok(match verifier.judge(&head, body)? {
            Verdict::EndpointOnly(endpoint) => (endpoint.secret_index, None),
            Verdict::Delivery(delivery) => {
                let mut out = vec![0; body.len()];
                let canonical = delivery.write_body(&mut out).expect("it fits").to_vec();
                assert_eq!(delivery.receipt().canonical_len, canonical.len());
                (delivery.secret_index(), Some(canonical))
            }
        })
    });
    said.map_err(|error| error.number())
}

/// What the other one says of field lines.
pub fn of_lines<S: Scheme + Default, K: Secrets>(
    verifier: &Verifier<'_, S, K>,
    request: &Request<'_>,
) -> Said {
    once(verifier.judge_once(S::default(), request), request.body)
}

/// What it says of a head.
pub fn of_head<S: Scheme + Default, K: Secrets>(
    verifier: &Verifier<'_, S, K>,
    head: &Head<'_>,
    body: &[u8],
) -> Said {
    once(verifier.judge_head_once(S::default(), head, body), body)
}

/// What the one for JSON by POST says, and the general one of such a request: its body is taken for JSON, whatever the fields
/// say of it.
pub fn of_json<S: Scheme + Default, K: Secrets>(
    ring: &K,
    url: &SignedUrl<&str>,
    options: Options,
    field_lines: &[u8],
    body: &[u8],
) -> [Result<(), i32>; 2] {
    let mut known = options;
    known.format = Some(Format::Json);
    known.allow_empty_body = false;
    let renamed = renamed(field_lines);
    let verifier = |options| Verifier::with(S::default(), ring, url, options).expect("a verifier");
    let expected = general(&verifier(known), Head::from_field_lines("POST", &renamed), body).map(|_| ());
    let said = verifier(options).judge_json(S::default(), field_lines, body);
    [said.map_err(|number| number as i32), expected]
}

/// The same lines, where what says how the body is read has another name.
fn renamed(field_lines: &[u8]) -> Vec<u8> {
    let mut lines = field_lines.to_vec();
    for line in lines.split_mut(|&byte| byte == b'\n') {
        for name in [&b"content-type"[..], b"content-encoding"] {
            if line.get(..name.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(name)) {
                line[0] = b'x';
            }
        }
    }
    lines
}

fn once(said: Result<Once, u32>, body: &[u8]) -> Said {
    let once = said.map_err(|number| number as i32)?;
    let mut canonical = body.to_vec();
    once.compact(Registers::default(), &mut canonical);
    canonical.truncate(once.canonical_len);
    Ok((once.secret_index, once.format().map(|_| canonical)))
}

/// Field lines of these pairs, whatever they are.
pub fn lines<'h>(headers: impl IntoIterator<Item = (&'h [u8], &'h [u8])>) -> Vec<u8> {
    headers.into_iter().flat_map(|(name, value)| [name, b": ", value, b"\r\n"].concat()).collect()
}

/// Options that differ from the defaults in these.
pub fn options(allow_get: bool, allow_empty_body: bool, max_body: usize, max_depth: u8) -> Options {
    let mut options = Options::DEFAULT;
    options.allow_get = allow_get;
    options.allow_empty_body = allow_empty_body;
    options.max_body = max_body;
    options.max_depth = max_depth;
    options
}
