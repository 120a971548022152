//! The connections: how many, how long, and how they end.

use super::GRACE;
use super::answer::{self, Receiver};
use super::linger::Linger;
use super::report::Report;
use crate::output;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

/// How long a head may take, and how long a connection may wait for the next request.
const HEAD: Duration = Duration::from_secs(5);

/// The most bytes of a head, and of a piece of a body.
const BUFFER: usize = 64 << 10;

const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// Serves until `stop` resolves, then finishes what is under way.
pub(crate) async fn serve(
    listener: TcpListener,
    receiver: Arc<Receiver>,
    max_connections: usize,
    stop: impl Future<Output = ()>,
) {
    // The callback URL is configuration, so no path and no host means anything here.
    let app = Router::new().fallback(answer::answer).with_state(receiver);
    let mut http = http1::Builder::new();
    // A client may close its side once it has said all; that is no reason to stop halfway.
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(BUFFER).half_close(true);
    let slots = Arc::new(Semaphore::new(max_connections));
    let busy_slots = Arc::new(Semaphore::new(max_connections));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => Linger::new(stream),
            Err(error) => {
                // Out of file descriptors, most likely: some come back when connections end.
                output::note(format_args!("korewebhook: can't accept a connection: {error}"));
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        if let Ok(slot) = Arc::clone(&slots).try_acquire_owned() {
            let service = TowerToHyperService::new(app.clone());
            let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
            tokio::spawn(async move {
                // A connection that breaks is the peer's affair: what was stored is stored.
                let _ = connection.await;
                drop(slot);
            });
        } else if let Ok(slot) = Arc::clone(&busy_slots).try_acquire_owned() {
            tokio::spawn(async move {
                turn_away(stream).await;
                drop(slot);
            });
        }
    }
    drop(listener);
    let _ = timeout(GRACE, graceful.shutdown()).await;
}

/// Answers a connection that is one too many, whatever it asks.
async fn turn_away(mut stream: Linger) {
    Report::busy().log();
    let _ = timeout(HEAD, async {
        stream.write_all(BUSY).await?;
        stream.shutdown().await
    })
    .await;
}
