//! The body's format, from the content type: which canonicalization applies.

use crate::error::{Detail, Error, Reason};
use crate::form::split_once;
use crate::header::{Field, Head, MAX_VALUE, TCHAR, trim_end, trim_start};

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `application/json` or `application/*+json`: signed minified.
    Json,
    /// `application/x-www-form-urlencoded`: signed as sent.
    Form,
}

impl Format {
    /// The content type that KORE sends with it.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded; charset=utf-8",
        }
    }

    /// What a body to be sent is taken for where nobody says: no form begins like JSON that is accepted, and
    /// no such JSON otherwise.
    #[must_use]
    pub fn guess(body: &[u8]) -> Self {
        match body.trim_ascii_start().first() {
            Some(b'{' | b'[') => Self::Json,
            _ => Self::Form,
        }
    }

    /// Reads a content type (RFC 9110, section 8.3).
    ///
    /// # Errors
    /// `content-type` where it is not exactly one of the known types with well-formed parameters; `charset`
    /// where a charset is given that is not `utf-8`, or more than one.
    pub fn from_content_type(value: &[u8]) -> Result<Self, Error> {
        if value.len() > MAX_VALUE {
            return Err(Reason::ContentType.into());
        }
        let (media_type, parameters) = split_once(value, b';');
        let format = Self::from_media_type(trim_end(media_type)).ok_or(Reason::ContentType)?;
        let (mut charset, mut repeated) = (None, false);
        let mut rest = parameters.unwrap_or_default();
        loop {
            rest = trim_start(rest);
            if let Some((b';', after)) = rest.split_first() {
                rest = after;
                continue;
            }
            if rest.is_empty() {
                break;
            }
            let (name, value, after) = parameter(rest).ok_or(Reason::ContentType)?;
            if name.eq_ignore_ascii_case(b"charset") {
                repeated |= charset.replace(value).is_some();
            }
            rest = trim_start(after);
            match rest.first() {
                None | Some(b';') => {}
                Some(_) => return Err(Reason::ContentType.into()),
            }
        }
        match charset {
            _ if repeated => Err(Error::with_detail(Reason::Charset, Detail::Duplicate)),
            Some(charset) if !charset.eq_ignore_ascii_case(b"utf-8") => Err(Reason::Charset.into()),
            _ => Ok(format),
        }
    }

    fn from_media_type(media_type: &[u8]) -> Option<Self> {
        let (application, subtype) = media_type.split_at_checked(12)?;
        if !application.eq_ignore_ascii_case(b"application/") || !subtype.iter().all(|&b| TCHAR.has(b)) {
            return None;
        }
        if subtype.eq_ignore_ascii_case(b"x-www-form-urlencoded") {
            return Some(Self::Form);
        }
        let suffix = subtype.len().checked_sub(5).and_then(|at| subtype.split_at_checked(at));
        let structured =
            suffix.is_some_and(|(name, suffix)| !name.is_empty() && suffix.eq_ignore_ascii_case(b"+json"));
        (structured || subtype.eq_ignore_ascii_case(b"json")).then_some(Self::Json)
    }

    /// The format of a request: by its content type, or the configured one where there is none.
    pub(crate) fn of(head: &Head<'_>, configured: Option<Self>) -> Result<Self, Error> {
        let format = match (head.content_type(), configured) {
            (Field::One(value), _) => Self::from_content_type(value)?,
            (Field::Absent, Some(format)) => format,
            (Field::Absent, None) => return Err(Error::with_detail(Reason::ContentType, Detail::Missing)),
            (Field::Many, _) => return Err(Error::with_detail(Reason::ContentType, Detail::Duplicate)),
        };
        match head.content_encoding() {
            Field::Absent => Ok(format),
            Field::One(value) if value.eq_ignore_ascii_case(b"identity") => Ok(format),
            Field::One(_) | Field::Many => Err(Reason::ContentEncoding.into()),
        }
    }
}

/// `parameter = parameter-name "=" ( token / quoted-string )` (RFC 9110, section 5.6.6): name, value and what
/// follows.
fn parameter(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (name, rest) = token(text)?;
    let rest = rest.strip_prefix(b"=")?;
    let Some(quoted) = rest.strip_prefix(b"\"") else {
        let (value, rest) = token(rest)?;
        return Some((name, value, rest));
    };
    // An escaped character is kept with its backslash, so no escaped spelling of a charset is taken for
    // utf-8.
    let mut escaped = false;
    for (at, &byte) in quoted.iter().enumerate() {
        match byte {
            0x00..=0x08 | 0x0A..=0x1F | 0x7F => return None,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => {
                let (value, rest) = quoted.split_at_checked(at)?;
                return Some((name, value, rest.get(1..)?));
            }
            _ => {}
        }
    }
    None
}

fn token(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let len = text.iter().take_while(|&&b| TCHAR.has(b)).count();
    text.split_at_checked(len).filter(|(token, _)| !token.is_empty())
}
