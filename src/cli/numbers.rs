//! Parses numbers on the command line. Each number has a range, which the error names.

use crate::domain::text::grouped;

/// The maximum number of distributions; an account could not have more.
const MOST_DISTRIBUTIONS: u64 = 10_000;

pub(super) fn limit(text: &str) -> Result<usize, String> {
    number(text, u32::MAX.into()).and_then(narrowed)
}

pub(super) fn port(text: &str) -> Result<u16, String> {
    number(text, u16::MAX.into()).and_then(narrowed)
}

pub(super) fn distributions(text: &str) -> Result<usize, String> {
    number(text, MOST_DISTRIBUTIONS).and_then(narrowed)
}

pub(super) fn seed(text: &str) -> Result<u64, String> {
    number(text, u64::MAX)
}

/// Parses a whole number up to `most`; the error names the range.
fn number(text: &str, most: u64) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| *number <= most);
    number.ok_or_else(|| format!("expected a number from 0 to {}", grouped(most)))
}

fn narrowed<N: TryFrom<u64>>(number: u64) -> Result<N, String>
where
    N::Error: std::fmt::Display,
{
    N::try_from(number).map_err(|error| error.to_string())
}

/// Parses a decimal number of seconds, up to a day.
pub(super) fn seconds(text: &str) -> Result<std::time::Duration, String> {
    const DAY: u32 = 86_400;
    match text.parse::<f64>() {
        Ok(seconds) if (0.0..=f64::from(DAY)).contains(&seconds) => Ok(std::time::Duration::from_secs_f64(seconds)),
        _ => Err(format!(
            "expected a number of seconds from 0 to {}, such as 0.5 or 20",
            grouped(DAY.into())
        )),
    }
}
