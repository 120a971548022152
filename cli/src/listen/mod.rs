//! `korewebhook listen`: a receiver whose answers mean what they say. 2xx: it is in the inbox.

mod answer;
mod inbox;
mod linger;
mod report;
mod schema;
mod server;

use crate::args::ListenArgs;
use crate::failure::Failure;
use crate::{endpoint, input, output, secrets};
use answer::Receiver;
use inbox::Inbox;
use std::fmt::Display;
use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long work that is under way may take after a signal to stop.
const GRACE: Duration = Duration::from_secs(10);

pub(crate) fn run(args: &ListenArgs) -> Result<ExitCode, Failure> {
    input::check_stdin(secrets::paths(&args.endpoint.secret_file))?;
    let endpoint =
        endpoint::open(&args.endpoint, &args.limits, |options| options.format = args.format.map(Into::into))?;
    endpoint::warn(&endpoint);
    let inbox = Inbox::open(&args.inbox).map_err(|error| trouble("open the inbox", error))?;
    let receiver = Arc::new(Receiver::new(endpoint, inbox));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| trouble("start", error))?;
    runtime.block_on(async {
        let stop = stop_signal().map_err(|error| trouble("wait for signals", error))?;
        let listener = TcpListener::bind(args.addr)
            .await
            .map_err(|error| trouble("listen", format!("{}: {error}", args.addr)))?;
        let address = listener.local_addr().map_err(|error| trouble("listen", error))?;
        // Whoever closed standard output doesn't wait for this line.
        let _ = output::result(format_args!("listening on {address}"));
        server::serve(listener, Arc::clone(&receiver), args.max_connections.into(), stop).await;
        Ok(())
    })?;
    runtime.shutdown_timeout(GRACE);
    if let Err(error) = receiver.close() {
        output::note(trouble("close the inbox", error));
    }
    Ok(ExitCode::SUCCESS)
}

fn trouble(what: &str, error: impl Display) -> Failure {
    Failure::Failed(format!("can't {what}: {error}"))
}

/// Resolves at the first signal to stop. The signals are taken over at once, not when this is first awaited.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(windows)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
