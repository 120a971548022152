//! Times: KORE's `date` header, and RFC 3339 for a CloudEvent's `time`.

use crate::error::{Error, Reason};

/// The length of KORE's date, in bytes.
pub const DATE_LEN: usize = 20;

/// The last second of the year 9999.
const LAST: u64 = 253_402_300_799;

/// Reads a `date` header as KORE sends it, `%Y-%m-%dT%H:%M:%SZ`, and returns seconds since
/// 1970-01-01T00:00:00Z.
///
/// # Errors
/// `date-format` where it is not exactly twenty bytes of that form; `date-range` where there is no such day
/// or time, no year from 1970 to 9999, or where it is a leap second.
pub fn parse(date: &[u8]) -> Result<u64, Error> {
    if date.get(19..) != Some(b"Z") {
        return Err(Reason::DateFormat.into());
    }
    in_range(date_time(date, false)?.0)
}

/// Reads an RFC 3339 time, as in a CloudEvent's `time` (`2024-09-25T19:09:48.5842087+00:00`), and returns
/// milliseconds since 1970-01-01T00:00:00Z. Digits after the third decimal are dropped.
///
/// # Errors
/// `date-format`, `date-range` as for [`parse`].
pub fn parse_rfc3339(time: &[u8]) -> Result<u64, Error> {
    let (seconds, rest) = date_time(time, true)?;
    let (millis, rest) = match rest.split_first() {
        Some((b'.', digits)) => fraction(digits)?,
        _ => (0, rest),
    };
    let seconds = seconds.checked_sub(offset(rest)?).ok_or(Reason::DateRange)?;
    Ok(in_range(seconds)?.saturating_mul(1000).saturating_add(millis))
}

/// Writes seconds since 1970 as KORE writes them.
///
/// # Errors
/// `date-range` after the year 9999. `out` is unchanged then.
pub fn format(seconds: u64, out: &mut [u8; DATE_LEN]) -> Result<&str, Error> {
    if seconds > LAST {
        return Err(Reason::DateRange.into());
    }
    let (days, second) = (div(seconds, 86_400), rem(seconds, 86_400));
    let (year, month, day) = civil(days);
    let fields: [(u64, &[u8]); 7] = [
        (div(year, 100), b""),
        (rem(year, 100), b"-"),
        (month, b"-"),
        (day, b"T"),
        (div(second, 3600), b":"),
        (rem(div(second, 60), 60), b":"),
        (rem(second, 60), b"Z"),
    ];
    let mut text = fields.iter().flat_map(|(value, after)| {
        let digit = |n: u64| b'0'.saturating_add(u8::try_from(rem(n, 10)).unwrap_or(0));
        [digit(div(*value, 10)), digit(*value)].into_iter().chain(after.iter().copied())
    });
    for place in out.iter_mut() {
        *place = text.next().unwrap_or(b'Z');
    }
    Ok(core::str::from_utf8(out).unwrap_or_default())
}

/// `YYYY-MM-DDTHH:MM:SS`, and what follows it.
fn date_time(text: &[u8], lower_case_t: bool) -> Result<(i64, &[u8]), Error> {
    let (head, rest) = text.split_at_checked(19).ok_or(Reason::DateFormat)?;
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, t, h1, h2, b':', n1, n2, b':', s1, s2] = head else {
        return Err(Reason::DateFormat.into());
    };
    if t != b'T' && !(lower_case_t && t == b't') {
        return Err(Reason::DateFormat.into());
    }
    let (century, year, month, day) = (two(y1, y2)?, two(y3, y4)?, two(m1, m2)?, two(d1, d2)?);
    let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    let year = century.saturating_mul(100).saturating_add(year);
    if month == 0
        || month > 12
        || day == 0
        || day > days_in(year, month)
        || hour > 23
        || minute > 59
        || second > 59
    {
        return Err(Reason::DateRange.into());
    }
    let seconds = [(days_before(year, month, day), 86_400), (hour, 3600), (minute, 60), (second, 1)]
        .into_iter()
        .fold(0_i64, |sum, (n, unit)| sum.saturating_add(n.saturating_mul(unit)));
    Ok((seconds, rest))
}

fn fraction(digits: &[u8]) -> Result<(u64, &[u8]), Error> {
    let len = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    if len == 0 {
        return Err(Reason::DateFormat.into());
    }
    let padded = digits.iter().take(len).copied().chain(core::iter::repeat(b'0')).take(3);
    let millis =
        padded.fold(0_u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b.saturating_sub(b'0'))));
    Ok((millis, digits.get(len..).unwrap_or_default()))
}

/// `time-offset = "Z" / ( "+" / "-" ) time-hour ":" time-minute`, in seconds.
fn offset(text: &[u8]) -> Result<i64, Error> {
    match *text {
        [b'Z' | b'z'] => Ok(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hour, minute) = (two(h1, h2)?, two(m1, m2)?);
            if hour > 23 || minute > 59 {
                return Err(Reason::DateRange.into());
            }
            let seconds = hour.saturating_mul(3600).saturating_add(minute.saturating_mul(60));
            Ok(if sign == b'-' { seconds.saturating_neg() } else { seconds })
        }
        _ => Err(Reason::DateFormat.into()),
    }
}

fn in_range(seconds: i64) -> Result<u64, Error> {
    u64::try_from(seconds).ok().filter(|&s| s <= LAST).ok_or_else(|| Reason::DateRange.into())
}

fn two(tens: u8, ones: u8) -> Result<i64, Error> {
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return Err(Reason::DateFormat.into());
    }
    let digit = |b: u8| i64::from(b.saturating_sub(b'0'));
    Ok(digit(tens).saturating_mul(10).saturating_add(digit(ones)))
}

fn is_leap(year: i64) -> bool {
    let by = |n: i64| year.checked_rem(n) == Some(0);
    by(4) && (!by(100) || by(400))
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from 1970-01-01 to this one in the proleptic Gregorian calendar; negative before.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let past = year.saturating_sub(1);
    let by = |n: i64| past.checked_div(n).unwrap_or(0);
    let leap_days = by(4).saturating_sub(by(100)).saturating_add(by(400));
    let months = (1..month).fold(0_i64, |sum, m| sum.saturating_add(days_in(year, m)));
    // 719 162 days lie before 1970 since 0001-01-01.
    past.saturating_mul(365)
        .saturating_add(leap_days)
        .saturating_add(months)
        .saturating_add(day.saturating_sub(1))
        .saturating_sub(719_162)
}

/// The inverse of [`days_before`] for days from 1970 on.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = i64::try_from(days).unwrap_or(0);
    let mut year = 1970_i64.saturating_add(days.checked_div(366).unwrap_or(0));
    while days_before(year.saturating_add(1), 1, 1) <= days {
        year = year.saturating_add(1);
    }
    let mut month = 1_i64;
    while month < 12 && days_before(year, month.saturating_add(1), 1) <= days {
        month = month.saturating_add(1);
    }
    let day = days.saturating_sub(days_before(year, month, 1)).saturating_add(1);
    let unsigned = |n: i64| u64::try_from(n).unwrap_or(0);
    (unsigned(year), unsigned(month), unsigned(day))
}

fn div(n: u64, by: u64) -> u64 {
    n.checked_div(by).unwrap_or(0)
}

fn rem(n: u64, by: u64) -> u64 {
    n.checked_rem(by).unwrap_or(0)
}
