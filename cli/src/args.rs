//! The arguments. There is no option that takes a secret.

use clap::{Parser, Subcommand, ValueEnum};
use korewebhook::{DEFAULT_MAX_BODY, Format, Token, date, json};
use std::net::SocketAddr;
use std::path::PathBuf;

const SECRETS_HELP: &str = "\
Secrets are never arguments. They come from --secret-file or, without it, from the environment variable \
KOREWEBHOOK_SECRET, where commas separate several: the active and the pending one around a rotation, at most 8.";

const EXIT_CODES: &str = "\
Exit codes: 0 yes; 1 no: refused, not delivered, could not run; 2 usage: arguments, secrets or URL are wrong.";

/// Sign, verify, send and receive KORE Wireless webhooks
#[derive(Debug, Parser)]
#[command(name = "korewebhook", version, after_help = format!("{SECRETS_HELP}\n\n{EXIT_CODES}"))]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Sign(SignArgs),
    Verify(VerifyArgs),
    Send(SendArgs),
    Listen(ListenArgs),
}

/// Print the signature of a delivery, as 64 hexadecimal digits
///
/// The first secret signs. A JSON body is signed in its minified form, whatever white space it has; a form
/// body as it stands. What no verifier would accept is refused.
#[derive(Debug, Parser)]
#[command(after_help = format!("{SECRETS_HELP}\n\nExit codes: 0 signed; 1 the body is refused; 2 usage."))]
pub(crate) struct SignArgs {
    #[command(flatten)]
    pub(crate) endpoint: EndpointArgs,
    #[command(flatten)]
    pub(crate) message: MessageArgs,
    /// The method; a GET has no body, and its signature is a constant of the endpoint
    #[arg(long, value_enum, default_value = "POST")]
    pub(crate) method: Method,
    /// Print all the headers that KORE sends, as `Name: value` lines
    #[arg(long)]
    pub(crate) headers: bool,
    /// Print one JSON object instead
    #[arg(long)]
    pub(crate) json: bool,
}

/// Verify one captured request
///
/// Reads a raw HTTP/1.1 request from standard input: the head, whose lines may end in a bare LF, an empty
/// line, and the body, which is all that follows. A chunked body is decoded; one that can't be is refused as
/// content-encoding. A Content-Length that says something else is a warning. With --body, the request is
/// given in parts instead.
#[derive(Debug, Parser)]
#[command(after_help = format!("{SECRETS_HELP}\n\n\
    Exit codes: 0 verified; 1 refused, with `refused: NAME: what to do` on standard error; 2 usage."))]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) endpoint: EndpointArgs,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// Accept a GET, whose signature covers no data: the verdict is `endpoint-only`
    #[arg(long)]
    pub(crate) allow_get: bool,
    /// What a body without a content type is; by default it is refused
    #[arg(long, value_enum)]
    pub(crate) format: Option<FormatName>,
    /// The body alone, from a file (- is standard input)
    #[arg(long, value_name = "FILE")]
    pub(crate) body: Option<PathBuf>,
    /// A header field of the request, with --body; may be repeated
    #[arg(long = "header", value_name = "NAME: VALUE", requires = "body", value_parser = header)]
    pub(crate) headers: Vec<(String, String)>,
    /// The method, with --body [default: POST]
    #[arg(long, requires = "body")]
    pub(crate) method: Option<String>,
    /// Print one JSON object: verdict, code, number, secret_index, key
    #[arg(long)]
    pub(crate) json: bool,
}

/// Send one signed delivery with KORE's headers and print the status of the answer
///
/// The body goes out as it stands, white space included. Time limits are KORE's: 5 s to connect, 15 s in all.
/// Redirects are not followed, and nothing is sent again.
#[derive(Debug, Parser)]
#[command(after_help = format!("{SECRETS_HELP}\n\n\
    Exit codes: 0 answered with 2xx; 1 any other answer, or none; 2 usage."))]
pub(crate) struct SendArgs {
    #[command(flatten)]
    pub(crate) endpoint: EndpointArgs,
    #[command(flatten)]
    pub(crate) message: MessageArgs,
    /// Where to connect and what to ask for: an http or https URL [default: --url, with its query]
    #[arg(long, value_name = "URL")]
    pub(crate) to: Option<String>,
}

/// Receive deliveries over HTTP and keep them in an inbox
///
/// Each delivery is verified and stored in one SQLite transaction, then answered: 204 stored or already
/// there, 401 refused (never with a reason), 413 too large, 503 the inbox or the server can't take it now.
/// Any path and any method goes to the one endpoint. `listening on ADDRESS` on standard output says that it
/// is ready; every request is a line on standard error. It speaks plain HTTP: put it behind the proxy that
/// ends TLS. SIGTERM and SIGINT let it finish what is under way.
#[derive(Debug, Parser)]
#[command(after_help = format!("{SECRETS_HELP}\n\n\
    Exit codes: 0 stopped by a signal; 1 could not start; 2 usage."))]
pub(crate) struct ListenArgs {
    #[command(flatten)]
    pub(crate) endpoint: EndpointArgs,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// What a body without a content type is; by default it is refused
    #[arg(long, value_enum)]
    pub(crate) format: Option<FormatName>,
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) addr: SocketAddr,
    /// The inbox: an SQLite database, made if there is none
    #[arg(long, value_name = "FILE")]
    pub(crate) inbox: PathBuf,
    /// The most connections at a time; the next one is answered with 503
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_connections: u16,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EndpointArgs {
    /// The callback URL exactly as registered with KORE
    #[arg(long)]
    pub(crate) url: String,
    /// What is signed and how
    #[arg(long, value_enum, default_value = "kore-sha256")]
    pub(crate) scheme: SchemeName,
    /// A file with one secret, instead of KOREWEBHOOK_SECRET; may be repeated (- is standard input; one final
    /// line break is cut)
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Limits {
    /// The longest body, in bytes
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_BODY)]
    pub(crate) max_body: usize,
    /// The deepest JSON, from 1 to 64
    #[arg(long, value_name = "N", default_value_t = json::MAX_DEPTH)]
    pub(crate) max_depth: u8,
    /// Accept a POST without a body, whose signature is a constant of the endpoint
    #[arg(long)]
    pub(crate) allow_empty_body: bool,
}

/// A message to be signed.
#[derive(Debug, clap::Args)]
pub(crate) struct MessageArgs {
    /// The body, from a file [default: standard input, as -]
    #[arg(long, value_name = "FILE")]
    pub(crate) body: Option<PathBuf>,
    /// The content type [default: application/json for a body that begins with { or [, else KORE's for forms]
    #[arg(long, value_name = "TYPE")]
    pub(crate) content_type: Option<String>,
    /// The idempotency token [default: RQ and 32 random hexadecimal digits]
    #[arg(long, value_parser = token)]
    pub(crate) token: Option<String>,
    /// The date, as in 2024-07-03T14:40:58Z [default: now]
    #[arg(long, value_parser = date)]
    pub(crate) date: Option<String>,
    #[command(flatten)]
    pub(crate) limits: Limits,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SchemeName {
    /// what KORE signs: SHA-256(secret, method, URL, body)
    #[value(name = "kore-sha256")]
    KoreSha256,
    /// for senders of one's own: HMAC-SHA256 over the same
    #[value(name = "hmac-sha256")]
    HmacSha256,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Method {
    #[value(name = "POST")]
    Post,
    #[value(name = "GET")]
    Get,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FormatName {
    Json,
    Form,
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Json => Self::Json,
            FormatName::Form => Self::Form,
        }
    }
}

fn header(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once(':').ok_or("there is no colon after the name")?;
    Ok((name.to_owned(), value.trim_matches([' ', '\t']).to_owned()))
}

fn token(text: &str) -> Result<String, &'static str> {
    Token::new(text.as_bytes()).ok_or("a token is 1 to 128 of A-Z a-z 0-9 _ . -")?;
    Ok(text.to_owned())
}

fn date(text: &str) -> Result<String, korewebhook::Error> {
    date::parse(text.as_bytes())?;
    Ok(text.to_owned())
}
