//! The inbox: verified deliveries in SQLite, each event once. What is in it when `store` returns stays in it.

use super::schema;
use korewebhook::replay::{Outcome, Owner, ReplayKey};
use korewebhook::{Format, Key, Token};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use tokio::time::timeout;

pub(crate) type StoreError = Box<dyn Error + Send + Sync>;

/// How long a delivery may wait for its turn. KORE gives up after 15 s and comes again.
const TURN: Duration = Duration::from_secs(4);

/// A verified delivery, to be kept.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    /// Since 1970.
    pub(crate) received_at: Duration,
    pub(crate) key: Key,
    pub(crate) url: &'a str,
    pub(crate) format: Format,
    pub(crate) token: Option<Token<'a>>,
    pub(crate) date: Option<u64>,
    pub(crate) secret_index: usize,
    pub(crate) body: &'a [u8],
    pub(crate) items: &'a [ReplayKey],
    pub(crate) owner: Owner,
}

#[derive(Debug)]
pub(crate) struct Inbox {
    path: PathBuf,
    /// One writer at a time, as SQLite wants it. `None` after trouble: the next delivery opens it anew.
    open: Mutex<Option<Open>>,
}

#[derive(Debug)]
struct Open {
    connection: Connection,
    file: Option<FileId>,
}

impl Inbox {
    /// Opens an inbox and makes it if there is none. Later on it is never made again: a file that has gone
    /// missing is trouble, such as a volume that is not mounted, and no reason to begin with an empty one.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let open = Open { connection: schema::connect(path, true)?, file: file_id(path) };
        Ok(Self { path: path.to_owned(), open: Mutex::new(Some(open)) })
    }

    /// Keeps what is new of a delivery, in one transaction. Called from a thread that may block.
    pub(crate) fn store(&self, record: &Record<'_>) -> Result<Tally, StoreError> {
        let turn = Handle::current().block_on(async { timeout(TURN, self.open.lock()).await });
        let mut slot = turn.map_err(|_| "too many deliveries are waiting")?;
        let mut open = match slot.take().filter(|open| open.file == file_id(&self.path)) {
            Some(open) => open,
            None => Open { connection: schema::connect(&self.path, false)?, file: file_id(&self.path) },
        };
        let tally = insert(&mut open.connection, record)?;
        *slot = Some(open);
        Ok(tally)
    }

    /// Closes the database, so that its write-ahead log is merged in. Where it is still busy, the log is
    /// merged in by the next process.
    pub(crate) fn close(&self) -> Result<(), StoreError> {
        let open = self.open.try_lock().map_err(|_| "a delivery is still being stored")?.take();
        open.map_or(Ok(()), |open| open.connection.close().map_err(|(_, error)| error.into()))
    }
}

fn insert(connection: &mut Connection, record: &Record<'_>) -> rusqlite::Result<Tally> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut tally = Tally::default();
    let mut seen: HashMap<Key, Outcome> = HashMap::new();
    let mut delivery = None;
    for (position, item) in (0_i64..).zip(record.items) {
        let key = item.key();
        // Twice in one body: an event counts once, and what has no id is a repetition of what stands there
        // already.
        if let Some(first) = seen.get(&key).filter(|_| !item.has_id()) {
            tally.add(if first.is_claimed() { Outcome::RepeatBody } else { Outcome::Duplicate });
            continue;
        }
        let tag = item.tag(record.token, &record.owner);
        let (same, other) = transaction
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM item WHERE key = ?1 AND tag = ?2),
                        EXISTS (SELECT 1 FROM item WHERE key = ?1 AND tag < ?2)
                        OR EXISTS (SELECT 1 FROM item WHERE key = ?1 AND tag > ?2)",
            )?
            .query_row(params![key.0, tag], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let outcome = Outcome::of_committed(item, same, other);
        seen.insert(key, outcome);
        tally.add(outcome);
        if outcome == Outcome::Duplicate {
            continue;
        }
        let delivery = match delivery {
            Some(id) => id,
            None => *delivery.insert(insert_delivery(&transaction, record)?),
        };
        transaction
            .prepare_cached(
                "INSERT INTO item (key, tag, delivery, position, outcome) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![key.0, tag, delivery, position, outcome.name()])?;
    }
    transaction.commit()?;
    Ok(tally)
}

fn insert_delivery(transaction: &Transaction<'_>, record: &Record<'_>) -> rusqlite::Result<i64> {
    let number = |n: u128| i64::try_from(n).unwrap_or(i64::MAX);
    let format = match record.format {
        Format::Json => "json",
        Format::Form => "form",
    };
    transaction
        .prepare_cached(
            "INSERT INTO delivery (received_at_ms, key, url, format, token, date, secret_index, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            number(record.received_at.as_millis()),
            record.key.0,
            record.url,
            format,
            record.token.map(Token::as_str),
            record.date.map(|seconds| number(seconds.into())),
            i64::try_from(record.secret_index).unwrap_or(i64::MAX),
            record.body,
        ])?;
    Ok(transaction.last_insert_rowid())
}

/// How many items of a delivery were what.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    new: usize,
    repeat_body: usize,
    conflict: usize,
    duplicate: usize,
}

impl Tally {
    fn add(&mut self, outcome: Outcome) {
        let count = match outcome {
            Outcome::RepeatBody => &mut self.repeat_body,
            Outcome::Conflict => &mut self.conflict,
            Outcome::Duplicate => &mut self.duplicate,
            _ => &mut self.new,
        };
        *count = count.saturating_add(1);
    }

    const fn counts(&self) -> [(Outcome, usize); 4] {
        [
            (Outcome::New, self.new),
            (Outcome::RepeatBody, self.repeat_body),
            (Outcome::Conflict, self.conflict),
            (Outcome::Duplicate, self.duplicate),
        ]
    }

    /// The outcome of the delivery as a whole: the first of these that any item has.
    pub(crate) fn outcome(&self) -> &'static str {
        let first = self.counts().into_iter().find(|(_, count)| *count > 0);
        first.map_or(Outcome::Duplicate, |(outcome, _)| outcome).name()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "items={}", self.counts().into_iter().map(|(_, count)| count).sum::<usize>())?;
        let mut there = self.counts().into_iter().filter(|(_, count)| *count > 0);
        there.try_for_each(|(outcome, count)| write!(f, " {}={count}", outcome.name()))
    }
}

/// What tells a file from another one that took its name. SQLite goes on writing to a file that was deleted,
/// where nobody finds it.
type FileId = (u64, u64);

#[cfg(unix)]
fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt as _;
    path.metadata().ok().map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn file_id(_: &Path) -> Option<FileId> {
    None
}
