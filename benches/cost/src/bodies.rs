//! Bodies of any size, made of copies so that to make one costs little under Valgrind too.

use serde_json::{Value, json};

/// What a body is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    Form,
    Pretty,
    Minified,
    WhiteSpace,
    Escapes,
    Nesting,
    LongString,
    ShortTokens,
    NonAscii,
}

/// An event as KORE sends it, of about 1 KiB.
#[must_use]
pub fn event() -> Value {
    json!({
        "specversion": "1.0",
        "id": "EV0123456789abcdef0123456789abcdef",
        "source": "kore-events/sim",
        "type": "com.korewireless.simevents.StatusChange",
        "time": "2024-09-25T19:09:48.5842087+00:00",
        "dataschema": "https://events.example.com/schemas/sim-status-change/v1",
        "data": {
            "account_id": "COS00002342",
            "sim_sid": "HS0123456789abcdef0123456789abcdef",
            "iccid": "8988307000000000000",
            "imsi": "901405100000000",
            "from": "Inactive",
            "to": "Active",
            "tags": ["meter", "north", "é"],
            "usage": {"bytes": 1_234_567, "ratio": 0.75, "roaming": false, "limit": null},
            "nested": {"a": [1, 2, 3], "b": {"c": "d\\n\"quoted\""}},
            "note": "a somewhat longer text, as a person would write it into a field of the console",
        },
    })
}

/// A smaller record, of which large bodies are made.
fn record() -> Value {
    json!({
        "sim_sid": "HS0123456789abcdef0123456789abcdef",
        "to": "Active",
        "tags": ["meter", "é"],
        "usage": {"bytes": 1_234_567, "ratio": -0.75e2, "roaming": false, "limit": null},
        "note": "a text with \"quotes\" in it",
    })
}

impl Body {
    /// A valid body of exactly `size` bytes. What units of its kind don't fill is padding at its beginning.
    #[must_use]
    pub fn of_size(self, size: usize) -> Vec<u8> {
        let nested = format!(",{}{}", "[".repeat(63), "]".repeat(63));
        let (open, padding, next, unit, close) = match self {
            Self::Form => ("SimSid=HS", "0", "", "&SimStatus=active".to_owned(), ""),
            Self::Pretty => ("[\"", "a", "\"", format!(",\n{:#}", record()), "]"),
            Self::Minified => ("[\"", "a", "\"", format!(",{}", record()), "]"),
            Self::WhiteSpace => ("[", " ", "", " \t\r\n".to_owned(), "]"),
            Self::Escapes => ("[\"", "a", "", r#"\n\u00e9\"\\"#.to_owned(), "\"]"),
            Self::Nesting => ("[\"", "a", "\"", nested, "]"),
            Self::LongString => ("[\"", "a", "", "abcdefghij".to_owned(), "\"]"),
            Self::ShortTokens => ("[\"", "a", "\"", ",2,[],{},\"\",true".to_owned(), "]"),
            Self::NonAscii => ("[\"", "a", "", "é漢字😀".to_owned(), "\"]"),
        };
        let room = size.checked_sub(open.len() + next.len() + close.len()).expect("room");
        let (units, rest) = (room / unit.len(), room % unit.len());
        [open, &padding.repeat(rest), next, &unit.repeat(units), close].concat().into_bytes()
    }

    /// The content type that it comes with.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        if matches!(self, Self::Form) { "application/x-www-form-urlencoded" } else { "application/json" }
    }
}
