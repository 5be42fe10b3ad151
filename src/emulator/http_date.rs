//! Formats times for HTTP headers.

use chrono::{DateTime, Utc};

/// Formats a time for an HTTP header.
pub(crate) fn http_date(time: DateTime<Utc>) -> String {
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
