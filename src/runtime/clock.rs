//! The time by this machine's clock, whatever it says.

use std::time::SystemTime;

use chrono::{DateTime, Utc};

/// The time. chrono's own way to it stops the program where the clock is set before 1970.
#[must_use]
pub fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Whether requests can be made at this time.
///
/// # Errors
/// A sentence, for a time before 1970: certificates cannot be checked then.
pub fn check(now: DateTime<Utc>) -> Result<(), String> {
    if now >= DateTime::UNIX_EPOCH {
        return Ok(());
    }
    Err(format!(
        "the clock of this machine says {}; set it, requests are signed with its time",
        now.format("%Y-%m-%d")
    ))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_time_before_1970_is_a_time_and_none_to_make_requests_at() {
        let earlier: DateTime<Utc> = (SystemTime::UNIX_EPOCH - Duration::from_millis(1_500)).into();
        assert_eq!(
            check(earlier),
            Err("the clock of this machine says 1969-12-31; set it, requests are signed with its time".to_owned())
        );
        assert_eq!((check(DateTime::UNIX_EPOCH), check(now())), (Ok(()), Ok(())));
    }
}
