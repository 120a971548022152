//! The same request by the general path and by the one for firmware.

use korewebhook::{Error, Head, Once, Options, Registers, Request, Scheme, Secrets, Verdict, Verifier, Work};

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
pub fn of_lines<S: Scheme, K: Secrets>(verifier: &Verifier<'_, S, K>, request: &Request<'_>) -> Said {
    once(request.body, |work, once| verifier.judge_once(request, work, once))
}

/// What it says of a head.
pub fn of_head<S: Scheme, K: Secrets>(verifier: &Verifier<'_, S, K>, head: &Head<'_>, body: &[u8]) -> Said {
    once(body, |work, once| verifier.judge_head_once(head, body, work, once))
}

fn once<T: Default>(body: &[u8], judge: impl FnOnce(&mut Work<T>, &mut Once) -> u8) -> Said {
    let mut once = Once::default();
    match judge(&mut Work::default(), &mut once) {
        0 => {
            let mut canonical = body.to_vec();
            once.compact(Registers::default(), &mut canonical);
            canonical.truncate(once.canonical_len);
            Ok((once.secret_index, once.format().map(|_| canonical)))
        }
        number => Err(i32::from(number)),
    }
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
