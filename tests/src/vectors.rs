//! The lists under `tests/vectors/`, read unmodified.

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The cases of a list.
pub fn load<T: DeserializeOwned>(name: &str) -> Vec<T> {
    #[derive(Deserialize)]
    struct List<T> {
        cases: Vec<T>,
    }
    parse::<List<T>>(name).cases
}

/// A whole file.
pub fn parse<T: DeserializeOwned>(name: &str) -> T {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name).with_extension("json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A request and its verdict.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// Names the case.
    pub name: String,
    /// The secret, in hexadecimal.
    #[serde(default)]
    pub secret: Option<String>,
    /// Or several.
    #[serde(default)]
    pub secrets: Vec<String>,
    /// The method.
    pub method: String,
    /// The callback URL as configured.
    pub url: String,
    /// Names and values in wire order, as Unicode.
    pub headers: Vec<(String, String)>,
    /// The body, in hexadecimal.
    pub body: String,
    /// `accept` or `reject`.
    pub expect: String,
    /// `ok`, or the name of the reason.
    pub reason: String,
    /// What differs from the defaults.
    #[serde(default)]
    pub options: CaseOptions,
}

/// What a case sets.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseOptions {
    /// See `Options`.
    #[serde(default)]
    pub allow_get: bool,
    /// See `Options`.
    pub max_body: Option<usize>,
    /// See `Options`.
    pub max_depth: Option<u8>,
}

impl Case {
    /// The secrets, one or several.
    pub fn secrets(&self) -> Vec<Vec<u8>> {
        self.secret.iter().chain(&self.secrets).map(|secret| crate::oracle::unhex(secret)).collect()
    }

    /// The headers as a receiver sees them.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
