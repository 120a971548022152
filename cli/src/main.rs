//! `korewebhook`: sign, verify, send and receive KORE webhooks from the command line.
//!
//! Exit codes: 0 for yes, 1 for no (refused, not delivered, could not run), 2 for a command that makes no
//! sense as given.

// Whatever comes in or goes wrong ends in an exit code or an answer.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::get_unwrap,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::unwrap_used
)]

mod args;
mod chunked;
mod endpoint;
mod failure;
mod input;
mod listen;
mod output;
mod request;
mod secrets;
mod send;
mod sign;
mod verify;

use args::{Args, Command};
use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are such "errors" too. Nobody is left to tell if the pipe is closed.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { failure::USAGE } else { 0 });
        }
    };
    let result = match args.command {
        Command::Sign(args) => sign::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Send(args) => send::run(&args),
        Command::Listen(args) => listen::run(&args),
    };
    result.unwrap_or_else(|failure| {
        output::note(&failure);
        ExitCode::from(failure.exit_code())
    })
}
