//! `korewebhook send`: one signed delivery, as KORE would send it.

use crate::args::SendArgs;
use crate::failure::{Failure, NO};
use crate::sign::{self, Headers};
use crate::{endpoint, output};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode, Uri, header};
use hyper_util::rt::TokioIo;
use std::error::Error as _;
use std::fmt::Display;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};

/// KORE's time limits.
const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(15);

pub(crate) fn run(args: &SendArgs) -> Result<ExitCode, Failure> {
    sign::check_stdin(&args.message, &args.endpoint.secret_file)?;
    let endpoint = endpoint::open(&args.endpoint, &args.message.limits, |_| {})?;
    let target = Target::parse(args.to.as_ref().unwrap_or(&args.endpoint.url))?;
    let body = sign::read_body(&args.message)?;
    let (_, headers) = sign::sign(&endpoint, &args.message, &body)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Failed(format!("can't start: {error}")))?;
    let late = |_| Err(target.trouble(format_args!("no answer within {} s", TOTAL.as_secs())));
    let status = runtime.block_on(async {
        // Made here, for a timer needs its runtime.
        timeout(TOTAL, exchange(&target, headers, body)).await.unwrap_or_else(late)
    });
    // A name that is still being looked up is not waited for.
    runtime.shutdown_background();
    let status = status?;
    output::result(status.as_u16())?;
    Ok(if status.is_success() { ExitCode::SUCCESS } else { ExitCode::from(NO) })
}

/// Where a request goes.
struct Target {
    https: bool,
    host: String,
    port: u16,
    /// Host and port as the `host` header has them.
    authority: String,
    path: String,
}

impl Target {
    fn parse(url: &str) -> Result<Self, Failure> {
        let wrong =
            || Failure::Usage(format!("can't send to {url}: it must be an absolute http or https URL"));
        let uri: Uri = url.split('#').next().unwrap_or_default().parse().map_err(|_| wrong())?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong()),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        let authority = match uri.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Ok(Self {
            https,
            host: host.trim_matches(['[', ']']).to_owned(),
            port: uri.port_u16().unwrap_or(if https { 443 } else { 80 }),
            authority,
            path: match uri.path_and_query().map_or("/", |path| path.as_str()) {
                query if query.starts_with('?') => format!("/{query}"),
                path => path.to_owned(),
            },
        })
    }

    fn trouble(&self, error: impl Display) -> Failure {
        Failure::Failed(format!("no delivery to {}: {error}", self.authority))
    }

    /// As [`Self::trouble`], with the cause that hyper keeps to itself.
    fn broken(&self, error: &hyper::Error) -> Failure {
        match error.source() {
            Some(cause) => self.trouble(format_args!("{error}: {cause}")),
            None => self.trouble(error),
        }
    }
}

async fn exchange(target: &Target, headers: Headers, body: Vec<u8>) -> Result<StatusCode, Failure> {
    let late = |_| target.trouble(format_args!("no connection within {} s", CONNECT.as_secs()));
    if target.https {
        let stream = timeout(CONNECT, connect_tls(target)).await.map_err(late)??;
        post(target, stream, headers, body).await
    } else {
        let stream = timeout(CONNECT, connect(target)).await.map_err(late)??;
        post(target, stream, headers, body).await
    }
}

async fn connect(target: &Target) -> Result<TcpStream, Failure> {
    TcpStream::connect((target.host.as_str(), target.port)).await.map_err(|error| target.trouble(error))
}

async fn connect_tls(
    target: &Target,
) -> Result<impl AsyncRead + AsyncWrite + Unpin + Send + 'static, Failure> {
    let name = ServerName::try_from(target.host.clone()).map_err(|error| target.trouble(error))?;
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| target.trouble(error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let stream = connect(target).await?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| target.trouble(error))
}

async fn post(
    target: &Target,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    headers: Headers,
    body: Vec<u8>,
) -> Result<StatusCode, Failure> {
    let mut request = Request::post(&target.path).header(header::HOST, &target.authority);
    for (name, value) in headers {
        // As bytes: a content type may hold what is no ASCII.
        request = request.header(name, value.as_bytes());
    }
    let request = request.body(Full::new(Bytes::from(body))).map_err(|error| target.trouble(error))?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| target.broken(&error))?;
    tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(|error| target.broken(&error))?;
    Ok(response.status())
}
