//! One request, one answer: read the body within bounds, verify, store, then say so.

use super::inbox::{Inbox, Record, StoreError};
use super::report::Report;
use crate::endpoint::Endpoint;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header::CONNECTION, request::Parts};
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;
use hyper::body::Body as _;
use korewebhook::replay::{Owner, ReplayKey};
use korewebhook::{Delivery, Head};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::timeout;

/// How long a body may take.
const BODY: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) struct Receiver {
    endpoint: Endpoint,
    inbox: Inbox,
}

/// Why a body was not read to its end.
enum Unread {
    TooLarge,
    Incomplete,
}

pub(crate) async fn answer(State(receiver): State<Arc<Receiver>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut bytes = Vec::new();
    let reading = timeout(BODY, read(body, &mut bytes, receiver.endpoint.options().max_body)).await;
    match reading.unwrap_or(Err(Unread::Incomplete)) {
        Ok(()) => {
            // Hashing and SQLite take their time, and a client that leaves doesn't stop them halfway.
            let judged = tokio::task::spawn_blocking(move || receiver.receive(&parts, bytes)).await;
            judged.unwrap_or_else(|_| Report::store_error("the worker has failed", 0).log()).into_response()
        }
        Err(why) => {
            let report = match why {
                Unread::TooLarge => {
                    Report::refused(receiver.endpoint.refuse_unread(&head(&parts)), bytes.len())
                }
                Unread::Incomplete => Report::incomplete(bytes.len()),
            };
            (report.log(), [(CONNECTION, "close")]).into_response()
        }
    }
}

/// Reads a body of at most `max` bytes. Trailers are dropped: nothing signs them.
async fn read(mut body: Body, bytes: &mut Vec<u8>, max: usize) -> Result<(), Unread> {
    let fits =
        |more: u64, len: usize| usize::try_from(more).is_ok_and(|more| more <= max.saturating_sub(len));
    // What the head announces is refused before it is read, and never allocated in advance.
    if !fits(body.size_hint().lower(), 0) {
        return Err(Unread::TooLarge);
    }
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::Incomplete)?.into_data() else { continue };
        if data.len() > max.saturating_sub(bytes.len()) {
            return Err(Unread::TooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(())
}

fn head(parts: &Parts) -> Head<'_> {
    Head::new(parts.method.as_str(), &parts.headers)
}

impl Receiver {
    pub(crate) const fn new(endpoint: Endpoint, inbox: Inbox) -> Self {
        Self { endpoint, inbox }
    }

    pub(crate) fn close(&self) -> Result<(), StoreError> {
        self.inbox.close()
    }

    fn receive(&self, parts: &Parts, mut body: Vec<u8>) -> StatusCode {
        let received = body.len();
        let head = head(parts);
        let report = match self.endpoint.verify_in_place(&head, &mut body) {
            Err(error) => Report::refused(error, received),
            Ok(delivery) => {
                self.keep(&head, &delivery).unwrap_or_else(|error| Report::store_error(error, received))
            }
        };
        report.log()
    }

    fn keep(&self, head: &Head<'_>, delivery: &Delivery<'_>) -> Result<Report, StoreError> {
        let keys = self.endpoint.keys()?;
        let key = keys.delivery(delivery)?;
        let mut places = vec![ReplayKey::EMPTY; keys.replay_len(delivery)];
        let mut owner = Owner::default();
        getrandom::fill(&mut owner)?;
        let tally = self.inbox.store(&Record {
            received_at: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
            key,
            url: self.endpoint.url().as_str(),
            format: delivery.format(),
            token: head.token().value(),
            date: head.date().value(),
            secret_index: delivery.secret_index(),
            body: delivery.body().unwrap_or_default(),
            items: keys.replay(delivery, &mut places)?,
            owner,
        })?;
        Ok(Report::stored(delivery, key, tally))
    }
}
