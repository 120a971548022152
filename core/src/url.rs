//! The callback URL, as typed, down to the part that is signed. By bytes: no URL parser, nothing normalised.

use crate::error::{Detail, Error, Reason};
use crate::set::AsciiSet;
use core::fmt;

/// A callback URL whose query and fragment are dropped: what KORE signs.
///
/// It is the URL that was registered with KORE, never one rebuilt from a request.
#[derive(Clone, Copy)]
pub struct SignedUrl<U = &'static str> {
    text: U,
    len: usize,
    plain_http: bool,
    bare_host: bool,
}

impl<U: AsRef<[u8]>> SignedUrl<U> {
    /// Checks a URL as it was registered and finds the part that is signed.
    ///
    /// Scheme and host are not case-folded, dots and percent-encoding not resolved, no slash is added: the
    /// bytes up to the first `?` or `#` are signed as they are. The rest is only checked for control
    /// characters and spaces.
    ///
    /// # Errors
    /// `url-invalid`; the detail says which rule.
    pub fn new(url: U) -> Result<Self, Error> {
        let Parts { len, plain_http, bare_host } =
            split(url.as_ref()).map_err(|d| Error::with_detail(Reason::UrlInvalid, d))?;
        Ok(Self { text: url, len, plain_http, bare_host })
    }

    /// The bytes that are signed. They are ASCII.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_ref().get(..self.len).unwrap_or_default()
    }

    /// The part that is signed, as text.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The same URL, borrowed, without checking it again.
    pub fn by_ref(&self) -> SignedUrl<&[u8]> {
        SignedUrl {
            text: self.as_bytes(),
            len: self.len,
            plain_http: self.plain_http,
            bare_host: self.bare_host,
        }
    }

    /// Whether the scheme is `http`; KORE documents `https` only.
    pub const fn is_plain_http(&self) -> bool {
        self.plain_http
    }

    /// Whether there is no path, not even a slash. Then URLs of other hosts begin with this one.
    pub const fn is_bare_host(&self) -> bool {
        self.bare_host
    }
}

/// The part that is signed. The query may hold a token.
impl<U: AsRef<[u8]>> fmt::Debug for SignedUrl<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedUrl({:?})", self.as_str())
    }
}

impl<'a> SignedUrl<&'a [u8]> {
    pub(crate) fn bytes(self) -> &'a [u8] {
        self.text.get(..self.len).unwrap_or_default()
    }

    /// The same without what isn't signed.
    pub(crate) fn signed(self) -> Self {
        Self { text: self.bytes(), ..self }
    }

    /// All of it, of one that is [`Self::signed`].
    pub(crate) const fn text(&self) -> &'a [u8] {
        self.text
    }
}

/// Checks that no URL of a process is a prefix of another, or equal to it: their signatures would be
/// interchangeable.
///
/// # Errors
/// `url-prefix-conflict`; [`prefix_conflict`] says which two.
pub fn check_prefix_free<U: AsRef<[u8]>>(urls: &[SignedUrl<U>]) -> Result<(), Error> {
    prefix_conflict(urls).map_or(Ok(()), |_| Err(Reason::UrlPrefixConflict.into()))
}

/// The indices of the first two URLs of which one is a prefix of the other: the shorter one first.
pub fn prefix_conflict<U: AsRef<[u8]>>(urls: &[SignedUrl<U>]) -> Option<(usize, usize)> {
    urls.iter().enumerate().find_map(|(i, a)| {
        urls.iter().enumerate().skip(i.saturating_add(1)).find_map(|(j, b)| {
            if b.as_bytes().starts_with(a.as_bytes()) {
                Some((i, j))
            } else if a.as_bytes().starts_with(b.as_bytes()) {
                Some((j, i))
            } else {
                None
            }
        })
    })
}

struct Parts {
    len: usize,
    plain_http: bool,
    bare_host: bool,
}

fn split(url: &[u8]) -> Result<Parts, Detail> {
    if url.is_empty() {
        return Err(Detail::UrlEmpty);
    }
    if url.contains(&0) {
        return Err(Detail::UrlNul);
    }
    if url.iter().any(|b| matches!(b, 0x01..=0x20 | 0x7F)) {
        return Err(Detail::UrlControlOrSpace);
    }
    let signed = until(url, |b| matches!(b, b'?' | b'#'));
    if !signed.is_ascii() {
        return Err(Detail::UrlNonAscii);
    }
    if signed.contains(&b'\\') {
        return Err(Detail::UrlBackslash);
    }
    let (plain_http, rest) = match (strip_scheme(signed, b"https://"), strip_scheme(signed, b"http://")) {
        (Some(rest), _) => (false, rest),
        (None, Some(rest)) => (true, rest),
        (None, None) => return Err(Detail::UrlScheme),
    };
    let authority = until(rest, |b| b == b'/');
    check_authority(authority)?;
    let path = rest.get(authority.len()..).unwrap_or_default();
    check_path(path)?;
    Ok(Parts { len: signed.len(), plain_http, bare_host: path.is_empty() })
}

fn until(bytes: &[u8], stop: impl Fn(u8) -> bool) -> &[u8] {
    let end = bytes.iter().position(|&b| stop(b)).unwrap_or(bytes.len());
    bytes.get(..end).unwrap_or_default()
}

fn strip_scheme<'a>(url: &'a [u8], scheme: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = url.split_at_checked(scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then_some(rest)
}

fn check_authority(authority: &[u8]) -> Result<(), Detail> {
    if authority.contains(&b'@') {
        return Err(Detail::UrlUserinfo);
    }
    let after_host = if let Some(literal) = authority.strip_prefix(b"[") {
        let address = until(literal, |b| b == b']');
        let rest =
            literal.get(address.len()..).unwrap_or_default().strip_prefix(b"]").ok_or(Detail::UrlHost)?;
        let colons = address.iter().filter(|&&b| b == b':').count();
        let known = address.iter().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'));
        if colons < 2 || !known || address.len() > 45 {
            return Err(Detail::UrlHost);
        }
        rest
    } else {
        let host = until(authority, |b| b == b':');
        if host.is_empty()
            || !host.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        {
            return Err(Detail::UrlHost);
        }
        authority.get(host.len()..).unwrap_or_default()
    };
    match after_host.split_first() {
        None => Ok(()),
        Some((b':', port)) => check_port(port),
        Some(_) => Err(Detail::UrlHost),
    }
}

fn check_port(port: &[u8]) -> Result<(), Detail> {
    if port.is_empty() || !port.iter().all(u8::is_ascii_digit) {
        return Err(Detail::UrlPort);
    }
    let value = port
        .iter()
        .fold(0_u32, |n, b| n.saturating_mul(10).saturating_add(u32::from(b.saturating_sub(b'0'))));
    if value > 65535 { Err(Detail::UrlPort) } else { Ok(()) }
}

/// `pchar` and the slash of RFC 3986, section 3.3, without `%`.
const PATH: AsciiSet = AsciiSet::alphanumeric_and(b"/-._~:@!$&'()*+,;=");

/// `path-abempty` of RFC 3986, section 3.3: segments of `pchar`, separated by slashes.
fn check_path(path: &[u8]) -> Result<(), Detail> {
    let mut bytes = path.iter();
    while let Some(byte) = bytes.next() {
        let fine = match byte {
            b'%' => {
                bytes.next().is_some_and(u8::is_ascii_hexdigit)
                    && bytes.next().is_some_and(u8::is_ascii_hexdigit)
            }
            &other => PATH.has(other),
        };
        if !fine {
            return Err(Detail::UrlPathChar);
        }
    }
    Ok(())
}
