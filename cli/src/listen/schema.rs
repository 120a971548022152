//! The inbox's tables, and a connection to them.

use super::inbox::StoreError;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// `PRAGMA user_version` of the tables below.
const VERSION: i64 = 1;

/// How long a statement waits for another process that has locked the database.
const BUSY: Duration = Duration::from_secs(2);

/// `tag` tells entries of one key apart: the content of an event, else the idempotency token.
const TABLES: &str = "
    CREATE TABLE delivery (
        id INTEGER PRIMARY KEY,
        received_at_ms INTEGER NOT NULL,
        key BLOB NOT NULL,
        url TEXT NOT NULL,
        format TEXT NOT NULL,
        token TEXT,
        date INTEGER,
        secret_index INTEGER NOT NULL,
        body BLOB NOT NULL
    );
    CREATE TABLE item (
        key BLOB NOT NULL,
        tag BLOB NOT NULL,
        delivery INTEGER NOT NULL REFERENCES delivery,
        position INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        PRIMARY KEY (key, tag)
    ) WITHOUT ROWID;
    CREATE INDEX item_delivery ON item (delivery, position);
    PRAGMA user_version = 1;
";

/// Opens the inbox; `create` makes it if there is none.
pub(crate) fn connect(path: &Path, create: bool) -> Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags.set(OpenFlags::SQLITE_OPEN_CREATE, create);
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    let is_empty = is_empty(&connection)?;
    if is_empty && !create {
        return Err("the inbox is gone".into());
    }
    // A crash after a commit loses nothing: the log is written through before COMMIT returns.
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(format!("it can't have a write-ahead log there (journal mode {mode})").into());
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    if is_empty {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have been faster.
        if self::is_empty(&transaction)? {
            transaction.execute_batch(TABLES)?;
        }
        transaction.commit()?;
    }
    Ok(connection)
}

/// Whether nothing is in the database yet; an error where it is no inbox of this version.
fn is_empty(connection: &Connection) -> Result<bool, StoreError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    match (version, tables) {
        (VERSION, _) => Ok(false),
        (0, 0) => Ok(true),
        _ => Err(format!("it is no inbox of version {VERSION} (user_version {version})").into()),
    }
}
