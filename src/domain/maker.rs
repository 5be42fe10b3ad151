//! Guesses which tool created an invalidation from the format of its `CallerReference` (`docs/cloudfront.md`,
//! "CallerReference").

use chrono::{DateTime, NaiveDateTime, Utc};

use super::batch::CallerReference;

/// The tool whose format a reference matches. A match proves nothing, because anyone may choose any reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// The dashboard, or `create` without `--reference`, with any ledger.
    Invalidash,
    /// `create` with a reference that the user chose, on any machine.
    InvalidashReference,
    /// `aws cloudfront create-invalidation --paths`, with the time according to its machine's clock.
    AwsCli(DateTime<Utc>),
    /// A UUID.
    Uuid,
    /// A time and nothing else.
    Time(DateTime<Utc>),
}

impl Maker {
    /// Returns the tool that probably created this reference, or `None` if any tool could have created it.
    #[must_use]
    pub fn of(reference: &str) -> Option<Self> {
        if let Some(rest) = reference.strip_prefix(CallerReference::PREFIX) {
            return if CallerReference::new(reference).is_chosen() {
                Some(Self::InvalidashReference)
            } else {
                is_ours(rest).then_some(Self::Invalidash)
            };
        }
        if let Some(rest) = reference.strip_prefix("cli-") {
            return aws_cli(rest).map(Self::AwsCli);
        }
        if is_uuid(reference) {
            return Some(Self::Uuid);
        }
        time(reference).map(Self::Time)
    }

    /// Returns a short description for display.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Invalidash => "invalidash, with another ledger",
            Self::InvalidashReference => "invalidash create --reference",
            Self::AwsCli(_) => "the AWS CLI",
            Self::Uuid => "the console, the CDK, or an SDK (UUID)",
            Self::Time(_) => "a script or plugin (timestamp)",
        }
    }

    /// Returns the time that the reference contains, as shown by the clock of the machine that created it.
    #[must_use]
    pub fn time(self) -> Option<DateTime<Utc>> {
        match self {
            Self::AwsCli(time) | Self::Time(time) => Some(time),
            Self::Invalidash | Self::InvalidashReference | Self::Uuid => None,
        }
    }
}

/// Returns whether the rest of a reference is a ULID, the batch number and 8 hexadecimal digits. For a part of a split
/// batch, more numbers follow.
fn is_ours(rest: &str) -> bool {
    let mut parts = rest.split('-');
    let ulid = parts
        .next()
        .is_some_and(|ulid| ulid.len() == 26 && ulid.bytes().all(|b| b.is_ascii_alphanumeric()));
    let number = parts.next().is_some_and(is_number);
    let hash = parts.next().is_some_and(|hash| hash.len() == 8 && is_hexadecimal(hash));
    ulid && number && hash && parts.all(is_number)
}

/// Parses seconds since 1970 and a random number up to a million.
fn aws_cli(rest: &str) -> Option<DateTime<Utc>> {
    let (seconds, random) = rest.split_once('-')?;
    if is_number(random) && random.len() <= 7 {
        since_1970(seconds)
    } else {
        None
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hexadecimal)
}

/// Parses seconds, milliseconds (`Date.now()`), seconds with a fraction (`time.time()`), `20120301090000` or RFC 3339.
fn time(text: &str) -> Option<DateTime<Utc>> {
    if let Some((seconds, fraction)) = text.split_once('.')
        && is_number(fraction)
    {
        return since_1970(seconds);
    }
    if !is_number(text) {
        return Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc());
    }
    match text.len() {
        14 => Some(NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").ok()?.and_utc()),
        _ => since_1970(text),
    }
}

/// Parses ten digits as seconds and thirteen as milliseconds since 1970, which covers September 2001 to 2286.
fn since_1970(text: &str) -> Option<DateTime<Utc>> {
    if !is_number(text) || text.starts_with('0') {
        return None;
    }
    let number = text.parse().ok()?;
    match text.len() {
        10 => DateTime::from_timestamp(number, 0),
        13 => DateTime::from_timestamp_millis(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;
    use crate::domain::batch::{Batch, ReferenceKey};
    use crate::domain::distribution::{DistributionId, Target};

    #[test]
    fn each_shape_is_known_and_nothing_else_is() {
        let at = |y, mo, d, h, mi, s| Utc.with_ymd_and_hms(y, mo, d, h, mi, s).single();
        let table = [
            ("cli-1764316800-123456", at(2025, 11, 28, 8, 0, 0).map(Maker::AwsCli)),
            ("cli-1764316800-1", at(2025, 11, 28, 8, 0, 0).map(Maker::AwsCli)),
            ("3f6cd2ab-0d05-4f6d-9b1c-7e0a5a3c9f10", Some(Maker::Uuid)),
            ("3F6CD2AB-0D05-4F6D-9B1C-7E0A5A3C9F10", Some(Maker::Uuid)),
            ("1764316800", at(2025, 11, 28, 8, 0, 0).map(Maker::Time)),
            ("1764316800000", at(2025, 11, 28, 8, 0, 0).map(Maker::Time)),
            ("1764316800.123456", at(2025, 11, 28, 8, 0, 0).map(Maker::Time)),
            ("20120301090000", at(2012, 3, 1, 9, 0, 0).map(Maker::Time)),
            ("2025-11-28T08:00:00.000Z", at(2025, 11, 28, 8, 0, 0).map(Maker::Time)),
            (
                "invalidash-01M8GE5HTJ4JWX8E8EPKT4HASF-1-c9c85f71",
                Some(Maker::Invalidash),
            ),
            (
                "invalidash-01M8GE5HTJ4JWX8E8EPKT4HASF-1-c9c85f71-2",
                Some(Maker::Invalidash),
            ),
            (
                "invalidash-ref-deploy-4711-0123456789abcdef-1",
                Some(Maker::InvalidashReference),
            ),
            ("invalidash-something", None),
            ("cli-now-1", None),
            ("cli-1764316800", None),
            ("cli-1764316800-12345678", None),
            ("3f6cd2ab-0d05-4f6d-9b1c", None),
            ("20129901090000", None),
            ("0000000001", None),
            ("42", None),
            ("deploy-4711", None),
            ("", None),
            ("ünïcode", None),
        ];
        for (reference, maker) in table {
            assert_eq!(Maker::of(reference), maker, "{reference}");
        }
    }

    #[test]
    fn our_own_references_are_known() -> Result<(), Box<dyn std::error::Error>> {
        let batch = Batch::new(vec!["/a".to_owned()]).ok_or("no batch")?;
        let made = CallerReference::for_batch("01M8GE5HTJ4JWX8E8EPKT4HASF", 12, &batch);
        assert_eq!(Maker::of(made.as_str()), Some(Maker::Invalidash));
        assert_eq!(Maker::of(made.of_part(2).as_str()), Some(Maker::Invalidash));
        let key: ReferenceKey = "deploy/4711".parse()?;
        let chosen = CallerReference::for_key(&key, &Target::Distribution(DistributionId::new("E1")), 1);
        assert_eq!(Maker::of(chosen.as_str()), Some(Maker::InvalidashReference));
        Ok(())
    }
}
