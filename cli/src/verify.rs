//! `korewebhook verify`: one captured request, one verdict.

use crate::args::VerifyArgs;
use crate::endpoint::{self, Endpoint};
use crate::failure::{Failure, NO};
use crate::{input, output, request, secrets};
use korewebhook::{Error, Head, Http1Head, Key, Verdict};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

/// What there is to say of an accepted request.
struct Accepted {
    secret_index: usize,
    /// Only a delivery has one.
    key: Option<Key>,
}

pub(crate) fn run(args: &VerifyArgs) -> Result<ExitCode, Failure> {
    let source = args.body.as_deref().unwrap_or(Path::new(input::STDIN));
    input::check_stdin(secrets::paths(&args.endpoint.secret_file).chain([source]))?;
    let endpoint = endpoint::open(&args.endpoint, &args.limits, |options| {
        options.allow_get = args.allow_get;
        options.format = args.format.map(Into::into);
    })?;
    endpoint::warn(&endpoint);
    let max_body = endpoint.options().max_body;
    let verdict = if args.body.is_some() {
        let body = input::read(source, max_body)?;
        let headers = args.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let method = args.method.as_deref().unwrap_or("POST");
        judge(&endpoint, &Head::new(method, headers), &body)
    } else {
        let limit = request::capture_limit(max_body);
        let raw = input::read(source, limit)?;
        judge_raw(&endpoint, &raw, limit)
    };
    report(args.json, verdict)
}

fn judge_raw(endpoint: &Endpoint, raw: &[u8], limit: usize) -> Result<Accepted, Error> {
    let head = Http1Head::parse(raw)?;
    if raw.len() > limit {
        return Err(endpoint.refuse_unread(&head.head()));
    }
    let body = request::body(&head, raw, |odd| output::note(format_args!("warning: {odd}")))?;
    judge(endpoint, &head.head(), &body)
}

fn judge(endpoint: &Endpoint, head: &Head<'_>, body: &[u8]) -> Result<Accepted, Error> {
    Ok(match endpoint.judge(head, body)? {
        Verdict::Delivery(delivery) => Accepted {
            secret_index: delivery.secret_index(),
            key: Some(endpoint.keys()?.delivery(&delivery)?),
        },
        Verdict::EndpointOnly(endpoint) => Accepted { secret_index: endpoint.secret_index, key: None },
    })
}

fn report(as_json: bool, verdict: Result<Accepted, Error>) -> Result<ExitCode, Failure> {
    let (verdict, error, accepted) = match verdict {
        Ok(accepted @ Accepted { key: Some(_), .. }) => ("verified", None, Some(accepted)),
        Ok(accepted) => ("endpoint-only", None, Some(accepted)),
        Err(error) => ("refused", Some(error), None),
    };
    let secret_index = accepted.as_ref().map(|accepted| accepted.secret_index);
    let key = accepted.as_ref().and_then(|accepted| accepted.key);
    let written = if as_json {
        output::result(json!({
            "verdict": verdict,
            "code": error.map(|error| error.code()),
            "number": error.map(|error| error.number()).unwrap_or_default(),
            "secret_index": secret_index,
            "key": key.map(|key| key.to_string()),
        }))
    } else {
        match (secret_index, key) {
            (Some(secret), Some(key)) => {
                output::result(format_args!("{verdict}: secret {secret}, key {key}"))
            }
            (Some(secret), None) => output::result(format_args!("{verdict}: secret {secret}")),
            (None, _) => Ok(()),
        }
    };
    // The exit code says the verdict, also to those who close standard output.
    if let Err(failure) = written {
        output::note(failure);
    }
    Ok(match error {
        None => ExitCode::SUCCESS,
        Some(error) => {
            output::note(Failure::Refused(error));
            ExitCode::from(NO)
        }
    })
}
