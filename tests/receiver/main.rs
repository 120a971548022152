//! `korewebhook listen`, the real one, over real HTTP: what it answers, what it keeps, what it survives.

mod answers;
mod hostile;
mod inbox;
mod survival;

/// A secret as KORE makes them.
const SECRET: &str = "a35974bdf1c769b8bb";

/// The sample callback of KORE's documentation.
const CALLBACK: &[u8] = b"ApiVersion=v1&SimUniqueName=my_super_sim&SimSid=HSab3f06be8f5d32caecb91e8a306c6c08\
&SimStatus=active&AccountSid=AC3ba717b1d236e6c4a835e46130267eb4";

/// No more arguments.
const PLAIN: [&str; 0] = [];

/// A folder for an inbox, and a look into it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn inbox(&self) -> std::path::PathBuf {
        self.0.path().join("inbox.sqlite")
    }

    fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.inbox()).expect("an inbox")
    }

    /// The bodies that are kept, in order.
    fn bodies(&self) -> Vec<Vec<u8>> {
        let database = self.database();
        let mut rows = database.prepare("SELECT body FROM delivery ORDER BY id").expect("the table");
        rows.query_map((), |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("bodies")
    }

    /// What each item was, in order.
    fn outcomes(&self) -> Vec<String> {
        let database = self.database();
        let mut rows =
            database.prepare("SELECT outcome FROM item ORDER BY delivery, position").expect("the table");
        rows.query_map((), |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("outcomes")
    }
}

/// The part of a log line that says what happened.
fn outcomes(log: &[String]) -> Vec<String> {
    log.iter()
        .filter(|line| line.starts_with("status="))
        .map(|line| {
            line.split_whitespace()
                .take(3)
                .map(|part| part.split_once('=').map_or("", |(_, v)| v))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}
