//! `korewebhook sign`, and what `send` shares with it: a message and the headers that go with it.

use crate::args::{MessageArgs, Method, SignArgs};
use crate::endpoint::{self, Endpoint};
use crate::failure::Failure;
use crate::{input, output, secrets};
use korewebhook::{Format, Signature, Token, date, header};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

/// Header fields, in the order in which they are sent.
pub(crate) type Headers = Vec<(&'static str, String)>;

pub(crate) fn run(args: &SignArgs) -> Result<ExitCode, Failure> {
    let message = &args.message;
    let endpoint = match args.method {
        Method::Get if message.body.is_some() || message.content_type.is_some() => {
            return Err(Failure::Usage("a GET has neither a body nor a content type".into()));
        }
        Method::Get => {
            input::check_stdin(secrets::paths(&args.endpoint.secret_file))?;
            endpoint::open(&args.endpoint, &message.limits, |options| options.allow_get = true)?
        }
        Method::Post => {
            check_stdin(message, &args.endpoint.secret_file)?;
            endpoint::open(&args.endpoint, &message.limits, |_| {})?
        }
    };
    let (signature, headers) = match args.method {
        Method::Post => sign(&endpoint, message, &read_body(message)?)?,
        Method::Get => {
            let signature = endpoint.sign_get().map_err(Failure::Refused)?;
            (signature, headers(message, None, &signature)?)
        }
    };
    output::result(if args.json {
        object(args, &endpoint, &signature, headers)
    } else if args.headers {
        let lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        lines.join("\n")
    } else {
        signature.to_string()
    })?;
    Ok(ExitCode::SUCCESS)
}

fn object(args: &SignArgs, endpoint: &Endpoint, signature: &Signature, headers: Headers) -> String {
    let mut object = json!({
        "signature": signature.to_string(),
        "scheme": endpoint.scheme().name(),
        "method": if args.method == Method::Get { "GET" } else { "POST" },
        "url": endpoint.url().as_str(),
    });
    if let (true, Some(object)) = (args.headers, object.as_object_mut()) {
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        object.insert("headers".into(), serde_json::Value::Object(headers));
    }
    object.to_string()
}

/// Refuses a command that would read standard input twice.
pub(crate) fn check_stdin(message: &MessageArgs, secret_files: &[PathBuf]) -> Result<(), Failure> {
    input::check_stdin(secrets::paths(secret_files).chain([body_path(message)]))
}

pub(crate) fn read_body(message: &MessageArgs) -> Result<Vec<u8>, Failure> {
    input::read(body_path(message), message.limits.max_body)
}

/// Signs a POST and gives its headers.
pub(crate) fn sign(
    endpoint: &Endpoint,
    message: &MessageArgs,
    body: &[u8],
) -> Result<(Signature, Headers), Failure> {
    let format = match &message.content_type {
        Some(value) => Format::from_content_type(value.as_bytes()).map_err(Failure::configuration)?,
        None => Format::guess(body),
    };
    let signature = endpoint.sign(format, body).map_err(Failure::Refused)?;
    Ok((signature, headers(message, Some(format), &signature)?))
}

fn body_path(message: &MessageArgs) -> &Path {
    message.body.as_deref().unwrap_or(Path::new(input::STDIN))
}

/// KORE's headers; without a format they are those of a GET.
fn headers(message: &MessageArgs, format: Option<Format>, signature: &Signature) -> Result<Headers, Failure> {
    let token = message.token.clone().map_or_else(random_token, Ok)?;
    let date = message.date.clone().map_or_else(now, Ok)?;
    let token =
        Token::new(token.as_bytes()).ok_or_else(|| Failure::Usage("the token is malformed".into()))?;
    let signature = signature.to_string();
    let fields = header::delivery_headers(format.unwrap_or(Format::Form), &date, token, &signature);
    let field = |(name, value): (&'static str, &str)| match (name, format, &message.content_type) {
        (header::CONTENT_TYPE, None, _) => None,
        (header::CONTENT_TYPE, _, Some(given)) => Some((name, given.clone())),
        _ => Some((name, value.to_owned())),
    };
    Ok(fields.into_iter().filter_map(field).collect())
}

fn random_token() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Failure::Failed(format!("no random numbers: {error}")))?;
    Ok(format!("RQ{:032x}", u128::from_be_bytes(bytes)))
}

fn now() -> Result<String, Failure> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let mut text = [0; date::DATE_LEN];
    Ok(date::format(seconds, &mut text).map_err(Failure::configuration)?.to_owned())
}
