//! The body's format, from the content type: which canonicalization applies.

use crate::error::{Detail, Error, Reason};
use crate::header::{Field, Head, MAX_VALUE, is_control, same, skip_blanks, take, take_token};
use crate::scan::BY_WORDS;

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `application/json` or `application/*+json`: signed minified.
    Json = 1,
    /// `application/x-www-form-urlencoded`: signed as sent.
    Form = 2,
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

    const fn media_type(self) -> &'static [u8] {
        match self {
            Self::Json => b"application/json",
            Self::Form => b"application/x-www-form-urlencoded",
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
        // As senders write it, it needs no parser, where code is cheap.
        let usual =
            |format: &Self| matches!(value.strip_prefix(format.media_type()), Some(b"" | b"; charset=utf-8"));
        if BY_WORDS && let Some(format) = [Self::Json, Self::Form].into_iter().find(usual) {
            return Ok(format);
        }
        if value.len() > MAX_VALUE {
            return Err(Reason::ContentType.into());
        }
        let (application, mut rest) = value.split_at_checked(12).ok_or(Reason::ContentType)?;
        let subtype = take_token(&mut rest);
        let format = Self::from_subtype(subtype).filter(|_| same(application, b"application/"));
        let format = format.ok_or(Reason::ContentType)?;
        let (mut charsets, mut utf8) = (0_usize, true);
        loop {
            skip_blanks(&mut rest);
            if rest.is_empty() {
                break;
            }
            if !take(&mut rest, b';') {
                return Err(Reason::ContentType.into());
            }
            skip_blanks(&mut rest);
            let name = take_token(&mut rest);
            if !name.is_empty() {
                let value = take_parameter_value(&mut rest).ok_or(Reason::ContentType)?;
                if same(name, b"charset") {
                    charsets = charsets.wrapping_add(1);
                    utf8 &= same(value, b"utf-8");
                }
            }
        }
        match charsets {
            2.. => Err(Error::with_detail(Reason::Charset, Detail::Duplicate)),
            _ if !utf8 => Err(Reason::Charset.into()),
            _ => Ok(format),
        }
    }

    fn from_subtype(subtype: &[u8]) -> Option<Self> {
        if same(subtype, b"x-www-form-urlencoded") {
            return Some(Self::Form);
        }
        let (name, suffix) = subtype.split_at_checked(subtype.len().wrapping_sub(4))?;
        let json = same(suffix, b"json") && (name.is_empty() || name.len() > 1 && name.ends_with(b"+"));
        json.then_some(Self::Json)
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
            Field::One(value) if same(value, b"identity") => Ok(format),
            Field::One(_) | Field::Many => Err(Reason::ContentEncoding.into()),
        }
    }
}

/// Takes `"=" ( token / quoted-string )` (RFC 9110, section 5.6.6) and gives the value.
fn take_parameter_value<'t>(text: &mut &'t [u8]) -> Option<&'t [u8]> {
    if !take(text, b'=') {
        return None;
    }
    if !take(text, b'"') {
        return Some(take_token(text)).filter(|value| !value.is_empty());
    }
    // An escaped character is kept with its backslash, so no escaped spelling of a charset is taken for
    // utf-8.
    let quoted = *text;
    let mut escaped = false;
    while let Some((&byte, after)) = text.split_first() {
        if is_control(byte) {
            return None;
        }
        let len = quoted.len().wrapping_sub(text.len());
        *text = after;
        if byte == b'"' && !escaped {
            return quoted.get(..len);
        }
        escaped = byte == b'\\' && !escaped;
    }
    None
}
