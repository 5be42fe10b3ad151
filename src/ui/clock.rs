//! Formats times for the user: in local time, short, and absolute where nothing triggers a redraw.

use chrono::{DateTime, Datelike, FixedOffset, TimeDelta, Utc};

use super::theme::Theme;
use crate::domain::duration::short;

/// The range of times that can be formatted in any time zone. Times from other sources may be outside it.
const FIRST: i64 = -62_135_510_400; // 0001-01-02
const LAST: i64 = 253_402_128_000; // 9999-12-30

fn local(theme: &Theme, time: DateTime<Utc>) -> DateTime<FixedOffset> {
    let seconds = time.timestamp().clamp(FIRST, LAST);
    (theme.local)(DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::UNIX_EPOCH))
}

/// Formats a time as `11:42:07` if it is today, `Nov 21 18:02` if it is this year, and `2024-11-21` otherwise.
pub(crate) fn moment(theme: &Theme, now: DateTime<Utc>, time: DateTime<Utc>) -> String {
    dated(theme, (now, time), "%b %e %H:%M", "%Y-%m-%d")
}

/// Formats a time in eight columns: `11:42:07` if it is today, `Nov 21` if it is this year, and `Nov 2024` otherwise.
pub(crate) fn brief(theme: &Theme, now: DateTime<Utc>, time: DateTime<Utc>) -> String {
    dated(theme, (now, time), "%b %e", "%b %Y")
}

fn dated(theme: &Theme, (now, time): (DateTime<Utc>, DateTime<Utc>), this_year: &str, earlier: &str) -> String {
    let (now, then) = (local(theme, now), local(theme, time));
    let format = if now.date_naive() == then.date_naive() {
        "%H:%M:%S"
    } else if now.year() == then.year() {
        this_year
    } else {
        earlier
    };
    then.format(format).to_string()
}

/// Formats a time as `2026-11-21 18:02:33 +01:00`.
pub(crate) fn full(theme: &Theme, time: DateTime<Utc>) -> String {
    local(theme, time).format("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// Formats an age as `6 s ago`; `None` for a day or more, because the date is then precise enough.
pub(crate) fn ago(now: DateTime<Utc>, time: DateTime<Utc>) -> Option<String> {
    let age = now - time;
    (age < TimeDelta::days(1)).then(|| format!("{} ago", short(age)))
}

/// Formats an age of any length as `12 d ago`.
pub(crate) fn long_ago(now: DateTime<Utc>, time: DateTime<Utc>) -> String {
    format!("{} ago", short(now - time))
}

/// Formats the time remaining until a point in time, with seconds rounded up: `2 s`.
pub(crate) fn until(now: DateTime<Utc>, time: DateTime<Utc>) -> String {
    let left = (time - now).num_milliseconds().max(0);
    short(TimeDelta::seconds((left + 999) / 1_000))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    fn berlin(time: DateTime<Utc>) -> DateTime<FixedOffset> {
        let offset = FixedOffset::east_opt(3_600).unwrap();
        time.with_timezone(&offset)
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_moment_is_as_short_as_it_can_be_said() {
        let theme = Theme::mono(berlin);
        let now = at("2026-11-22T11:42:07Z");
        let moments = [
            "2026-11-21T23:00:00Z",
            "2026-11-21T22:59:59Z",
            "2026-01-02T03:04:05Z",
            "2025-12-31T22:00:00Z",
        ];
        assert_eq!(
            moments.map(|time| moment(&theme, now, at(time))),
            ["00:00:00", "Nov 21 23:59", "Jan  2 04:04", "2025-12-31"]
        );
        assert_eq!(
            moments.map(|time| brief(&theme, now, at(time))),
            ["00:00:00", "Nov 21", "Jan  2", "Dec 2025"]
        );
        assert_eq!(full(&theme, now), "2026-11-22 12:42:07 +01:00");
    }

    #[test]
    fn no_time_from_outside_is_too_far_away() {
        let theme = Theme::mono(berlin);
        for time in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            assert!(!moment(&theme, time, time).is_empty());
            assert!(!full(&theme, time).is_empty());
        }
    }

    #[test]
    fn ages_and_waits_are_rounded_so_that_they_never_promise_too_much() {
        let now = at("2026-11-22T11:42:07Z");
        assert_eq!(ago(now, now - TimeDelta::seconds(6)), Some("6 s ago".into()));
        assert_eq!(ago(now, now - TimeDelta::days(1)), None);
        assert_eq!(until(now, now + TimeDelta::milliseconds(1_001)), "2 s");
        assert_eq!(until(now, now - TimeDelta::seconds(5)), "0 s");
    }
}
