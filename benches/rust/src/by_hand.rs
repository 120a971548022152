use crate::URL;
use sha2::{Digest, Sha256};

/// A JSON body: parsed, written without white space, hashed after secret, method and URL, compared as text.
pub fn json_by_hand(secrets: &[String], signature: &str, body: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(body) else { return false };
    form_by_hand(secrets, signature, value.to_string().as_bytes())
}

/// A form: hashed as it came.
pub fn form_by_hand(secrets: &[String], signature: &str, body: &[u8]) -> bool {
    secrets.iter().any(|secret| {
        let message = [secret.as_bytes(), b"POST", URL.as_bytes(), body].concat();
        hex::encode(Sha256::digest(message)) == signature
    })
}
